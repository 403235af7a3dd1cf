"""How sound and running instruments are measured, by benchmarks and tests alike."""
