"""Tools through the Model Context Protocol: which servers there are, and how they are used."""
