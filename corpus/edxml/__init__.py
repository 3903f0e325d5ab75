"""The national axis's exchange of documents (edXML, QCVN 102:2016/BTTTT): names, codes, schema."""
