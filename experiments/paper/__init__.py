"""The paper's figures and claims, reproduced and held against this model."""
