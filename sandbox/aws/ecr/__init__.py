"""ECR: repositories, and what a registry does by itself."""
