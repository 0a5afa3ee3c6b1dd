import { Footer } from "@/features/landing/Footer";
import { Header } from "@/features/landing/Header";
import { Hero } from "@/features/landing/Hero";
import { Price } from "@/features/landing/Price";
import { Questions } from "@/features/landing/Questions";
import { Reach } from "@/features/landing/Reach";
import { Steps } from "@/features/landing/Steps";
import { type PageWithLayout } from "@/ui/page";
import Head from "next/head";

const ABOUT =
  "Within seconds of somebody starting something expensive on AWS, the right people read in Slack who it was, what it costs, why that is unusual, and how to stop it.";

/** What it is, before anybody has signed in. */
const Landing: PageWithLayout = () => (
  <>
    <Head>
      <meta name="description" content={ABOUT} />
    </Head>
    <Header />
    <main>
      <Hero />
      <Steps />
      <Reach />
      <Price />
      <Questions />
    </main>
    <Footer />
  </>
);
Landing.title = "Know what just got expensive on AWS";
export default Landing;
