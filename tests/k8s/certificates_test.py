"""deploy/certificates and deploy/development-secrets: what they write, and that they can run again."""

import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parent.parent.parent
SERVICES = ["organisation", "goals", "observations", "courses"]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Certificates(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.directory = pathlib.Path(self.place.name) / "secrets"
        self.make()

    def make(self, *options):
        return run(ROOT / "deploy/certificates", self.directory, *options)

    def text(self, name):
        return run("openssl", "x509", "-in", self.directory / name / "tls.crt", "-noout", "-text")

    def test_each_service_has_its_identity_and_its_names(self):
        for service in SERVICES:
            text = self.text(service)
            self.assertIn(f"URI:spiffe://klynge/{service},", text)
            for name in (service, f"{service}.klynge.svc.cluster.local", "localhost"):
                self.assertIn(f"DNS:{name}", text)
            self.assertIn("TLS Web Server Authentication, TLS Web Client Authentication", text)
            self.assertIn("CA:FALSE", text)

    def test_the_operator_can_only_call(self):
        text = self.text("operator")
        self.assertIn("URI:spiffe://klynge/operator", text)
        self.assertNotIn("TLS Web Server Authentication", text)
        self.assertNotIn("DNS:", text)

    def test_each_key_belongs_to_its_certificate_and_the_authority_signed_it(self):
        for name in [*SERVICES, "operator"]:
            place = self.directory / name
            run("openssl", "verify", "-x509_strict", "-CAfile", place / "ca.crt", place / "tls.crt")
            self.assertEqual(run("openssl", "pkey", "-in", place / "tls.key", "-pubout"),
                             run("openssl", "x509", "-in", place / "tls.crt", "-noout", "-pubkey"))

    def test_nobody_else_gets_into_the_directory(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.directory).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(self.directory / "authority/ca.key").st_mode), 0o600)

    def test_a_second_run_changes_nothing_that_lasts(self):
        before = self.text("goals")
        self.assertIn("nothing to renew", self.make())
        self.assertEqual(self.text("goals"), before)

    def test_a_certificate_that_ends_soon_is_renewed_under_the_same_authority(self):
        (self.directory / "goals/tls.crt").unlink()
        self.make("--days", "3")
        short, authority = self.text("goals"), (self.directory / "authority/ca.crt").read_text()
        self.assertIn("goals", self.make())
        self.assertNotEqual(self.text("goals"), short)
        self.assertEqual((self.directory / "authority/ca.crt").read_text(), authority)

    def test_passwords_stay_and_stand_in_the_addresses(self):
        run(ROOT / "deploy/development-secrets", self.directory)
        first = (self.directory / "goals/database-url").read_text()
        password = (self.directory / "postgresql/goals-password").read_text().strip()
        self.assertEqual(first, f"postgresql://goals:{password}@postgresql:5432/goals\n")
        run(ROOT / "deploy/development-secrets", self.directory)
        self.assertEqual((self.directory / "goals/database-url").read_text(), first)
        passwords = {(self.directory / f"postgresql/{s}-password").read_text() for s in SERVICES}
        self.assertEqual(len(passwords), 4)


if __name__ == "__main__":
    unittest.main()
