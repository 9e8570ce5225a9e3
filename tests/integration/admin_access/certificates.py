"""Authorities and certificates, made by openssl."""
import ssl
import subprocess


class Authority:
    """Signs certificates of clients; its files stand in a folder."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.file = str(folder / f"{name}.pem")
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                      "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, timeout=60)

    def sign(self, common_name, extensions="extendedKeyUsage=clientAuth"):
        """(certificate file, key file)"""
        stem = f"{self.name}-{common_name}"
        (self.folder / f"{stem}.ext").write_text(extensions + "\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-subj", f"/CN={common_name}", "-keyout", f"{stem}.key", "-out", f"{stem}.csr")
        self._openssl("x509", "-req", "-in", f"{stem}.csr", "-CA", f"{self.name}.pem", "-CAkey", f"{self.name}.key",
                      "-CAcreateserial", "-days", "1", "-extfile", f"{stem}.ext", "-out", f"{stem}.pem")
        return str(self.folder / f"{stem}.pem"), str(self.folder / f"{stem}.key")


def client_context(certificate=None):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the server's is self-signed; this is about the client's
    if certificate:
        context.load_cert_chain(*certificate)
    return context
