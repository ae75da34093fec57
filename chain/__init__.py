"""The ledger: the same rules in Solidity, and venues on an Ethereum virtual machine."""
