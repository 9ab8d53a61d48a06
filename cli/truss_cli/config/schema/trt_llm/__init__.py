"""`trt_llm` and `bis_llm`: language models that the platform's own inference stacks serve."""
