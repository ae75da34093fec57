#!/usr/bin/env node
// The npm compiler behind the two flags that build tools ask of a `solc` binary.
const fs = require("fs");
const path = require("path");
const solc = require("solc");

if (process.argv.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else {
  const read = (name) => ({
    contents: fs.readFileSync(path.join(__dirname, "node_modules", name), "utf8"),
  });
  const input = fs.readFileSync(0, "utf8");
  console.log(solc.compile(input, { import: read }));
}
