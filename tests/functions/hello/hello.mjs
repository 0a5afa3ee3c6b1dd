// A handler and the loop around it, with what Node brings along.
import http from "node:http";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const ask = (method, path, body) => new Promise((done, failed) => {
  const options = { host, port, method, path: `/2018-06-01/runtime/invocation/${path}` };
  http.request(options, async (answer) => {
    let text = "";
    for await (const part of answer) text += part;
    done({ headers: answer.headers, text });
  }).on("error", failed).end(body);
});
for (;;) {
  const { headers, text } = await ask("GET", "next");
  const answer = JSON.stringify({ hello: JSON.parse(text).name });
  await ask("POST", `${headers["lambda-runtime-aws-request-id"]}/response`, answer);
}
