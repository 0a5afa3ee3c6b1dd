export default function Landing() {
  return <main>landing</main>;
}
