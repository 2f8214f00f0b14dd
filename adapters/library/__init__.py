"""What is shipped as data, read from `prompts/`: the question bank, interview types, sample answers."""
