"""The command line and the pages: wires the other packages, holds no rules about documents."""
