"""What the tests stand on: the emulator, the deployment, the Slack double, the functions' processes."""
