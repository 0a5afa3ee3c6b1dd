import { fieldOf, problemsOf, regionsOf, requestOf, roleOf } from "@/features/connect/byHand";
import { expect, test } from "vitest";

const good = {
  account: "111122223333",
  role: "arn:aws:iam::111122223333:role/dd0c-cost-readonly",
  regions: "",
};

test("what is good has no problems and is sent trimmed", () => {
  expect(problemsOf(good)).toEqual({});
  const typed = {
    account: " 111122223333 ",
    role: ` ${good.role}\n`,
    regions: "eu-west-1, us-east-1",
  };
  expect(problemsOf(typed)).toEqual({});
  expect(requestOf(typed, "01SETUP")).toEqual({
    awsAccountId: "111122223333",
    roleArn: good.role,
    setupId: "01SETUP",
    regions: ["eu-west-1", "us-east-1"],
  });
});

test("the role has one name and no path, since we may use no other", () => {
  const words = "Call the role dd0c-cost-readonly, without a path: AWS lets us use no other.";
  for (const name of ["audit/dd0c-cost-readonly", "audit", "dd0c-cost-readonly-2"]) {
    const role = `arn:aws:iam::111122223333:role/${name}`;
    expect(problemsOf({ ...good, role }).role).toBe(words);
  }
  expect(problemsOf({ ...good, role: roleOf(good.account) })).toEqual({});
});

test("an account number has 12 digits", () => {
  const words = "An account number has exactly 12 digits, without dashes.";
  for (const account of ["1111", "1111-2222-3333", "11112222333a", "1111222233334"]) {
    expect(problemsOf({ ...good, account }).account).toBe(words);
  }
  expect(problemsOf({ ...good, account: "" }).account).toBe("Type the number of your AWS account.");
});

test("a role is named by its ARN", () => {
  const words = "A role's ARN looks like arn:aws:iam::111122223333:role/dd0c-cost-readonly.";
  for (const role of [
    "dd0c-cost-readonly",
    "arn:aws:iam::111122223333:user/ana",
    "arn:aws:iam::1111:role/x",
    "arn:aws-us-gov:iam::111122223333:role/dd0c-cost-readonly",
    "arn:aws:iam::111122223333:role/",
  ]) {
    expect(problemsOf({ ...good, role }).role).toBe(words);
  }
  expect(problemsOf({ ...good, role: "" }).role).toBe("Type the ARN of the role.");
});

test("a role is of the account that is named", () => {
  const role = "arn:aws:iam::444455556666:role/dd0c-cost-readonly";
  expect(problemsOf({ ...good, role })).toEqual({
    role: "This role is of account 444455556666, not of 111122223333.",
  });
  // Where the number itself is wrong, that is said and nothing else.
  expect(problemsOf({ ...good, account: "12", role })).toHaveProperty("account");
  expect(problemsOf({ ...good, account: "12", role })).not.toHaveProperty("role");
});

test("regions are codes", () => {
  expect(regionsOf(" eu-west-1,us-east-1\nus-east-1 ")).toEqual(["eu-west-1", "us-east-1"]);
  expect(problemsOf({ ...good, regions: "us-gov-west-1" })).toEqual({});
  expect(problemsOf({ ...good, regions: "Ireland" }).regions).toBe(
    "A region looks like eu-west-1; “Ireland” does not.",
  );
  const many = Array.from({ length: 41 }, (_, index) => `eu-${"x".repeat(index + 1)}-1`).join(" ");
  expect(problemsOf({ ...good, regions: many }).regions).toBe("At most 40 regions.");
});

test("the server's words stand at their field", () => {
  expect(fieldOf("awsAccountId")).toBe("account");
  expect(fieldOf("roleArn")).toBe("role");
  expect(fieldOf("regions")).toBe("regions");
  expect(fieldOf("regions[1]")).toBe("regions");
  expect(fieldOf("setupId")).toBeUndefined();
  expect(fieldOf(undefined)).toBeUndefined();
});
