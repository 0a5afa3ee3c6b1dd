//! The stream of a table, read from the engine itself. The product never does so: on AWS, Lambda
//! brings it the records.

use crate::Engine;
use aws_sdk_dynamodb::types::{StreamSpecification, StreamViewType};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

/// Enough for an engine on this machine to know who asks: none looks at the signature.
const ANYBODY: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, \
                       SignedHeaders=host;x-amz-target, Signature=0";

impl Engine {
    /// Switches on the stream of new images; `None` where the engine shows none to its client.
    pub async fn start_stream(&self, table: &str) -> Option<String> {
        self.endpoint.as_ref()?;
        let stream = StreamSpecification::builder()
            .stream_enabled(true)
            .stream_view_type(StreamViewType::NewImage)
            .build()
            .expect("all of it is there");
        let request = self.client.update_table().table_name(table).stream_specification(stream);
        let answer = request.send().await.expect("the stream is switched on");
        let table = answer.table_description.expect("a description");
        Some(table.latest_stream_arn.expect("a stream"))
    }

    /// The new images of all records of a stream so far, in their order within each shard.
    pub async fn images(&self, stream: &str) -> Vec<Value> {
        let described = self.ask("DescribeStream", &json!({ "StreamArn": stream })).await;
        let shards = described["StreamDescription"]["Shards"].as_array().expect("shards");
        let mut images = Vec::new();
        for shard in shards {
            let from_the_beginning = json!({
                "StreamArn": stream,
                "ShardId": shard["ShardId"],
                "ShardIteratorType": "TRIM_HORIZON",
            });
            let iterator = self.ask("GetShardIterator", &from_the_beginning).await;
            let at = json!({ "ShardIterator": iterator["ShardIterator"] });
            let answer = self.ask("GetRecords", &at).await;
            let records = answer["Records"].as_array().expect("records");
            images.extend(records.iter().map(|record| record["dynamodb"]["NewImage"].clone()));
        }
        images
    }

    async fn ask(&self, operation: &str, input: &Value) -> Value {
        let endpoint = self.endpoint.as_ref().expect("an engine that listens");
        let request = reqwest::Client::new()
            .post(endpoint)
            .header(CONTENT_TYPE, "application/x-amz-json-1.0")
            .header("x-amz-target", format!("DynamoDBStreams_20120810.{operation}"))
            .header(AUTHORIZATION, ANYBODY)
            .body(input.to_string());
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("a text");
        assert!(status.is_success(), "{operation}: {status} {text}");
        serde_json::from_str(&text).expect("JSON")
    }
}
