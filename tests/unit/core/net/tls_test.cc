#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "raw_client.h"

namespace sluice::net::test {

using namespace std::chrono_literals;

namespace {

ListenerOptions tls_loopback() {
  ListenerOptions options = loopback();
  options.tls.mode = TlsMode::self_signed;
  return options;
}

/// A TLS client on a raw connection.
class TlsClient {
 public:
  TlsClient(RawClient client, int highest_version)
      : client_{std::move(client)}, context_{SSL_CTX_new(TLS_client_method())}, ssl_{SSL_new(context_)} {
    SSL_set_max_proto_version(ssl_, highest_version);
    SSL_set_security_level(ssl_, 0);  // or the client itself would refuse TLS 1.1
    SSL_set_fd(ssl_, client_.fd());
    connected = SSL_connect(ssl_) == 1;
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }

  void send(std::string_view text) { SSL_write(ssl_, text.data(), static_cast<int>(text.size())); }
  /// Everything until the server ends the session; `ended_in_order` says whether by close_notify.
  std::string read_all() {
    std::string all;
    std::array<char, 16384> chunk{};
    int size = 0;
    while ((size = SSL_read(ssl_, chunk.data(), static_cast<int>(chunk.size()))) > 0) {
      all.append(chunk.data(), static_cast<std::size_t>(size));
    }
    ended_in_order = SSL_get_error(ssl_, size) == SSL_ERROR_ZERO_RETURN;
    return all;
  }
  [[nodiscard]] SSL* native() const { return ssl_; }

  bool connected = false;
  bool ended_in_order = false;

 private:
  RawClient client_;
  SSL_CTX* context_;
  SSL* ssl_;
};

std::string listen_error(const ListenerOptions& options) {
  HttpServer server;
  try {
    server.listen(options);
  } catch (const ListenError& error) {
    return error.what();
  }
  return {};
}

/// A fresh P-256 key as PEM.
void write_key(const std::filesystem::path& path) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  std::FILE* file = std::fopen(path.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  EVP_PKEY_free(key);
}

/// The certificate that a server shows, as PEM.
void write_certificate(const std::filesystem::path& path, const TlsClient& client) {
  X509* certificate = SSL_get1_peer_certificate(client.native());
  std::FILE* file = std::fopen(path.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  X509_free(certificate);
}

}  // namespace

TEST_CASE("a self-signed listener speaks TLS 1.2 and 1.3, with a P-256 certificate for localhost") {
  TestServer server{tls_loopback()};
  server.listener.router().add(HttpMethod::get, "/", [](const HttpRequest& request, const HttpResponder& responder) {
    responder.send(HttpResponse::text(200, request.tls ? "secure" : "plain"));
  });
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client{server.connect(), version};
    REQUIRE(client.connected);
    CHECK(SSL_version(client.native()) == version);
    X509* certificate = SSL_get1_peer_certificate(client.native());
    CHECK(X509_check_host(certificate, "localhost", 0, 0, nullptr) == 1);
    CHECK(X509_check_ip_asc(certificate, "127.0.0.1", 0) == 1);
    CHECK(EVP_PKEY_is_a(X509_get0_pubkey(certificate), "EC") == 1);
    X509_free(certificate);
    client.send("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    CHECK(client.read_all().ends_with("secure"));
    CHECK(client.ended_in_order);
  }
}

TEST_CASE("TLS 1.1 and plain HTTP on a TLS port are closed and counted") {
  TestServer server{tls_loopback()};
  const TlsClient old{server.connect(), TLS1_1_VERSION};
  CHECK(!old.connected);
  auto plain = server.connect();
  plain.get("/");
  CHECK(plain.read_until_closed().find("HTTP/1.1 200") == std::string::npos);
  CHECK(eventually([&] { return server.counters().tls_failures == 2; }));
  CHECK(eventually([&] { return server.counters().open_connections == 0; }));
}

TEST_CASE("a handshake that does not go on is ended") {
  ListenerOptions options = tls_loopback();
  options.request_timeout = 50ms;
  TestServer server{options};
  auto client = server.connect();
  CHECK(client.closed_by_server());
  CHECK(server.counters().request_timeouts == 1);
}

TEST_CASE("an abandoned request is noticed through TLS") {
  TestServer server{tls_loopback()};
  std::optional<HttpResponder> held;
  std::atomic<bool> entered{false};
  server.listener.router().add(HttpMethod::get, "/", [&](HttpRequest, HttpResponder responder) {
    held = std::move(responder);
    entered = true;
  });
  {
    TlsClient client{server.connect(), TLS1_3_VERSION};
    client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    REQUIRE(eventually([&] { return entered.load(); }));
  }
  CHECK(eventually([&] { return held->abandoned(); }));
  server.server.stop(0ms);
}

TEST_CASE("certificate files that are missing, unreadable or do not belong together are errors that name them") {
  std::string name = (std::filesystem::temp_directory_path() / "sluice-tls-XXXXXX").string();
  const std::filesystem::path directory = ::mkdtemp(name.data());
  const std::string certificate = directory / "cert.pem";
  const std::string key = directory / "key.pem";
  {
    TestServer server{tls_loopback()};
    const TlsClient client{server.connect(), TLS1_3_VERSION};
    REQUIRE(client.connected);
    write_certificate(certificate, client);
  }
  write_key(key);
  std::ofstream{directory / "empty.pem"} << "";

  ListenerOptions options = loopback();
  options.tls = {.mode = TlsMode::files, .certificate_file = certificate, .private_key_file = key};
  CHECK(listen_error(options) ==
        "listener 'test': private key " + key + " with certificate " + certificate + ": key values mismatch");
  options.tls.private_key_file = directory / "absent.pem";
  CHECK(listen_error(options) ==
        "listener 'test': private key " + options.tls.private_key_file + ": No such file or directory");
  options.tls.certificate_file = directory / "empty.pem";
  options.tls.private_key_file = key;
  CHECK(listen_error(options).starts_with("listener 'test': certificate " + options.tls.certificate_file + ": "));
  options.tls.certificate_file.clear();
  CHECK(listen_error(options) == "listener 'test': certificate: no file is configured");
  std::filesystem::remove_all(directory);
}

}  // namespace sluice::net::test
