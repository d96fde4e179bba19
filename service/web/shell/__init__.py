"""What every room of the pages uses: layout, security, languages, forms, words and refusals."""
