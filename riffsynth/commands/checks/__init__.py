"""What the doctor looks at: each check is a function that answers a finding; what it looks into can be injected."""
