#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "core/net/http_server.h"

namespace sluice::net::test {

/// How long a test waits for what must come; only a failing test waits that long.
inline constexpr std::chrono::seconds kPatience{10};

struct RawResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

/// A blocking TCP client that sends what the test writes, byte for byte.
class RawClient {
 public:
  enum class ReceiveBuffer : std::uint8_t { usual, tiny };

  explicit RawClient(std::uint16_t port, ReceiveBuffer buffer = ReceiveBuffer::usual)
      : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    if (buffer == ReceiveBuffer::tiny) {
      const int bytes = 4096;
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }
    const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error{"connect"};
  }
  RawClient(RawClient&& other) noexcept : fd_{std::exchange(other.fd_, -1)}, pending_{std::move(other.pending_)} {}
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() { close(); }

  [[nodiscard]] int fd() const noexcept { return fd_; }

  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  /// @return false: the server closed before it had taken all; reading tells what it said.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void get(std::string_view target, std::string_view more_headers = "") const {
    send("GET " + std::string{target} + " HTTP/1.1\r\nHost: test\r\n" + std::string{more_headers} + "\r\n");
  }

  /// Exactly so many bytes; throws if the server closes before, or takes too long.
  std::string read(std::size_t size) {
    while (pending_.size() < size) {
      if (receive() != Received::data) throw std::runtime_error{"closed or silent"};
    }
    std::string taken = pending_.substr(0, size);
    pending_.erase(0, size);
    return taken;
  }

  enum class BodyOf : std::uint8_t { get, head };
  RawResponse read_response(BodyOf of = BodyOf::get) {
    std::size_t end = 0;
    while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
      if (receive() != Received::data) throw std::runtime_error{"no response"};
    }
    RawResponse response = parse_head(read(end + 4));
    const auto length = response.headers.find("content-length");
    if (of == BodyOf::get && length != response.headers.end()) response.body = read(std::stoul(length->second));
    return response;
  }

  /// True once the server has closed in order or by reset; false if data comes instead, or nothing at all.
  [[nodiscard]] bool closed_by_server() { return pending_.empty() && receive() == Received::end; }
  /// Whatever comes until the server closes.
  std::string read_until_closed() {
    while (receive() == Received::data) {
    }
    return std::exchange(pending_, {});
  }

 private:
  enum class Received : std::uint8_t { data, end, nothing };

  Received receive() {
    std::array<char, 65536> chunk{};
    const auto size = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (size > 0) pending_.append(chunk.data(), static_cast<std::size_t>(size));
    if (size > 0) return Received::data;
    return size == 0 || errno == ECONNRESET ? Received::end : Received::nothing;
  }

  static RawResponse parse_head(const std::string& head) {
    RawResponse response;
    response.status = std::stoi(head.substr(9, 3));  // after `HTTP/1.1 `
    for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
      const std::size_t end = head.find("\r\n", at);
      const std::size_t colon = head.find(':', at);
      std::string name = head.substr(at, colon - at);
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      response.headers[name] = head.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
    return response;
  }

  int fd_;
  std::string pending_;
};

/// Waits until something that another thread does has happened.
[[nodiscard]] inline bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

inline ListenerOptions loopback() {
  ListenerOptions options;
  options.name = "test";
  options.address = "127.0.0.1";
  return options;
}

/// A running server with one listener.
struct TestServer {
  explicit TestServer(ListenerOptions options = loopback()) : listener{server.listen(std::move(options))} {
    server.start();
  }

  void answer(HttpMethod method, std::string_view pattern, HttpResponse response) const {
    listener.router().add(method, pattern,
                          [response](HttpRequest, const HttpResponder& responder) { responder.send(response); });
  }
  [[nodiscard]] const ListenerCounters& counters() const { return listener.counters(); }
  [[nodiscard]] RawClient connect() const { return RawClient{listener.port()}; }

  HttpServer server{2};
  HttpListener& listener;
};

}  // namespace sluice::net::test
