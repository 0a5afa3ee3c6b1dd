//! Lambda functions and their provisioned concurrency.

use crate::call::{Call, Record};
use serde_json::{Value, json};

const LAMBDA: &str = "lambda.amazonaws.com";

impl Call {
    /// `CreateFunction` on x86.
    pub fn create_function(&self, name: &str, memory_mb: u32) -> Record {
        let role = format!("arn:aws:iam::{}:role/lambda", self.account);
        let request = json!({
            "functionName": name,
            "runtime": "python3.13",
            "role": role,
            "handler": "app.handler",
            "memorySize": memory_mb,
            "timeout": 30,
            "publish": true,
            "code": {}
        });
        let response = json!({
            "functionName": name,
            "functionArn": self.function_arn(name),
            "runtime": "python3.13",
            "role": role,
            "handler": "app.handler",
            "codeSize": 48_213,
            "memorySize": memory_mb,
            "timeout": 30,
            "version": "1",
            "architectures": ["x86_64"],
            "ephemeralStorage": {"size": 512},
            "state": "Pending",
            "packageType": "Zip"
        });
        self.record(LAMBDA, "CreateFunction20150331", request, response)
    }

    /// `PutProvisionedConcurrencyConfig` of the alias `live`.
    pub fn put_concurrency(&self, function: &str, instances: u64) -> Record {
        let request = json!({
            "functionName": function,
            "qualifier": "live",
            "provisionedConcurrentExecutions": instances
        });
        let response = json!({
            "requestedProvisionedConcurrentExecutions": instances,
            "availableProvisionedConcurrentExecutions": 0,
            "allocatedProvisionedConcurrentExecutions": 0,
            "status": "IN_PROGRESS",
            "lastModified": format!("{:.0}", self.at)
        });
        self.record(LAMBDA, "PutProvisionedConcurrencyConfig", request, response)
    }

    /// `DeleteProvisionedConcurrencyConfig` of the alias `live`.
    pub fn delete_concurrency(&self, function: &str) -> Record {
        let request = json!({"functionName": function, "qualifier": "live"});
        self.record(LAMBDA, "DeleteProvisionedConcurrencyConfig", request, Value::Null)
    }

    fn function_arn(&self, name: &str) -> String {
        format!("arn:aws:lambda:{}:{}:function:{name}", self.region, self.account)
    }
}
