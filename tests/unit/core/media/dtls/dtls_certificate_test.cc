#include "core/media/dtls/dtls_certificate.h"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/unit/core/media/dtls/dtls_call.h"

using namespace sluice;

namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of(const BioPtr& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string certificate_pem(const DtlsCertificate& certificate) {
  const BioPtr bio{BIO_new(BIO_s_mem()), BIO_free};
  REQUIRE(PEM_write_bio_X509(bio.get(), &certificate.certificate()) == 1);
  return text_of(bio);
}

std::string key_pem(const DtlsCertificate& certificate, const char* password = nullptr) {
  const BioPtr bio{BIO_new(BIO_s_mem()), BIO_free};
  const EVP_CIPHER* cipher = password != nullptr ? EVP_aes_128_cbc() : nullptr;
  const int size = password != nullptr ? static_cast<int>(std::strlen(password)) : 0;
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(bio.get(), &certificate.key(), cipher, password, size, nullptr, nullptr) == 1);
  return text_of(bio);
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "sluice-dtls-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string write(const char* name, const std::string& content) const {
    const auto file = path_ / name;
    std::ofstream{file} << content;
    return file.string();
  }
  [[nodiscard]] std::string missing() const { return (path_ / "missing.pem").string(); }

 private:
  std::filesystem::path path_;
};

std::string message_of_load(const std::string& certificate, const std::string& key) {
  try {
    static_cast<void>(DtlsCertificate::load(certificate, key));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("two generated certificates differ") {
  CHECK(DtlsCertificate::generate(test::kToday).fingerprint() != DtlsCertificate::generate(test::kToday).fingerprint());
}

TEST_CASE("a certificate and its key are read from PEM files") {
  const TemporaryFolder folder;
  const auto made = DtlsCertificate::generate(test::kToday);
  const auto loaded =
      DtlsCertificate::load(folder.write("cert.pem", certificate_pem(made)), folder.write("key.pem", key_pem(made)));
  CHECK(loaded.fingerprint() == made.fingerprint());
}

TEST_CASE("files that do not hold a certificate and its key are named in the error") {
  const TemporaryFolder folder;
  const auto made = DtlsCertificate::generate(test::kToday);
  const std::string certificate = folder.write("cert.pem", certificate_pem(made));
  const std::string key = folder.write("key.pem", key_pem(made));
  const std::string nonsense = folder.write("nonsense.pem", "-----BEGIN CERTIFICATE-----\nnonsense\n");

  CHECK(message_of_load(folder.missing(), key).find("missing.pem") != std::string::npos);
  CHECK(message_of_load(certificate, folder.missing()).find("missing.pem") != std::string::npos);
  CHECK(message_of_load(nonsense, key).find("no PEM certificate") != std::string::npos);
  CHECK(message_of_load(certificate, nonsense).find("private key") != std::string::npos);
}

TEST_CASE("an encrypted key is refused, and nobody is asked for the password") {
  const TemporaryFolder folder;
  const auto made = DtlsCertificate::generate(test::kToday);
  const std::string certificate = folder.write("cert.pem", certificate_pem(made));
  const std::string key = folder.write("key.pem", key_pem(made, "secret"));
  CHECK(message_of_load(certificate, key).find("no unencrypted PEM private key") != std::string::npos);
}

TEST_CASE("a key that is not the certificate's is refused") {
  const TemporaryFolder folder;
  const std::string certificate = folder.write("cert.pem", certificate_pem(DtlsCertificate::generate(test::kToday)));
  const std::string key = folder.write("key.pem", key_pem(DtlsCertificate::generate(test::kToday)));
  CHECK(message_of_load(certificate, key).find("is not that of the certificate") != std::string::npos);
}
