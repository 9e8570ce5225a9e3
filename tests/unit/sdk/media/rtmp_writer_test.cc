#include "sluice/media/rtmp_writer.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "sluice/media/coders.h"
#include "tests/unit/sdk/media/generated.h"
#include "tests/unit/sdk/media/rtmp_server.h"

namespace sluice::media {
namespace {

using namespace testing;
using namespace std::chrono_literals;

constexpr std::string_view kKey = "top-secret";

/// What H264 needs to be announced, without a coder.
TrackFormat video(Size size = {64, 48}) {
  VideoEncoder encoder{{.size = size, .preset = "ultrafast", .low_delay = true, .threads = 1}};
  return encoder.format();
}
TrackFormat sound() { return AudioEncoder{{}}.format(); }

Packet picture(int number) {
  return {.data = {0, 0, 0, 1, 0x65, 0x88, 0x80, static_cast<std::uint8_t>(number)},
          .pts = number * 40ms,
          .dts = number * 40ms,
          .key_frame = true};
}

RtmpOptions to(std::string url) { return {.url = std::move(url), .tracks = {video(), sound()}}; }

std::string reason_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const MediaError& error) {
    return error.what();
  }
  return "";
}

/// The parameter sets as `AVCDecoderConfigurationRecord` has them, from the profile on.
std::string sps_of(const TrackFormat& format) {
  const std::string all{format.extradata.begin(), format.extradata.end()};
  const auto begin = all.find(std::string("\0\0\x01", 3)) + 3;
  return all.substr(begin, all.find(std::string("\0\0", 2), begin) - begin);
}

TEST_CASE("a server that takes it is sent the formats, the packets and a goodbye") {
  auto server = RtmpServer::welcoming();
  const auto format = video();
  {
    RtmpWriter writer{{.url = server.url("/app/top-secret"), .tracks = {format, sound()}}};
    const auto before = writer.bytes();
    writer.write(picture(0));
    writer.write({.track = 1, .data = {0x21, 0x10, 0x05}, .pts = 1ms, .dts = 1ms, .key_frame = true});
    writer.write(picture(1));
    CHECK(writer.bytes() > before);
    writer.finish();
    CHECK_THROWS_AS(writer.write(picture(2)), MediaError);
  }
  const auto received = server.received();
  CHECK(received.find(sps_of(format)) != std::string::npos);
  CHECK(received.find(std::string("\x65\x88\x80\x01", 4)) != std::string::npos);
  CHECK(received.find("deleteStream") != std::string::npos);
  CHECK(received.find(kKey) != std::string::npos);  // whoever is to know it does
}

TEST_CASE("a track that changes is announced anew before its first packet") {
  auto server = RtmpServer::welcoming();
  const auto other = video({96, 64});
  {
    RtmpWriter writer{to(server.url("/app/key"))};
    writer.write(picture(0));
    writer.change(0, other);
    writer.write(picture(1));
    CHECK_THROWS_AS(writer.change(2, other), MediaError);
    CHECK_THROWS_AS(writer.change(1, other), MediaError);
    writer.finish();
  }
  const auto received = server.received();
  const auto announced = received.find(sps_of(other));
  REQUIRE(announced != std::string::npos);
  CHECK(announced > received.find(std::string("\x65\x88\x80\x00", 4)));
  CHECK(announced < received.find(std::string("\x65\x88\x80\x01", 4)));
}

TEST_CASE("times that are one millisecond are sent as two") {
  auto server = RtmpServer::welcoming();
  RtmpWriter writer{to(server.url("/app/key"))};
  for (int i = 0; i < 4; ++i) {
    auto packet = picture(i);
    packet.pts = packet.dts = MediaTime{i * 100};
    writer.write(packet);
  }
  writer.finish();
}

TEST_CASE("what a server says of a refusal is the reason, but for the key that it repeats") {
  RtmpServer server{"error", "NetStream.Publish.BadName", "'top-secret' is live\r\n\x1b[2J"};
  const auto reason = reason_of([&] { RtmpWriter{to(server.url("/app/top-secret?user=eve"))}; });
  CHECK(reason.find("'****' is live") != std::string::npos);
  CHECK(reason.find(kKey) == std::string::npos);
  CHECK(reason.find('\x1b') == std::string::npos);
}

TEST_CASE("a server that goes away is noticed while it is written to") {
  auto server = RtmpServer::welcoming(RtmpServer::Then::close);
  const auto reason = reason_of([&] {
    RtmpWriter writer{to(server.url("/app/top-secret"))};  // which may notice it already
    std::string first;
    for (int i = 0; i < 100'000 && first.empty(); ++i) first = reason_of([&] { writer.write(picture(i)); });
    CHECK_THROWS_AS(writer.write(picture(0)), MediaError);
    throw MediaError{first, 0};
  });
  CHECK(!reason.empty());
  CHECK(reason.find(kKey) == std::string::npos);
}

TEST_CASE("a port where nobody listens refuses the connection") {
  Listener listener;
  listener.close();
  const auto reason = reason_of([&] { RtmpWriter{to(listener.url("/app/top-secret"))}; });
  CHECK(reason.find("Connection refused") != std::string::npos);
  CHECK(reason.find(kKey) == std::string::npos);
}

TEST_CASE("a host that does not exist is not found") {
  const auto reason = reason_of([&] { RtmpWriter{to("rtmp://user:pass@no-such-host.invalid/app/top-secret")}; });
  CHECK(reason.find("no-such-host.invalid") != std::string::npos);
  CHECK(reason.find("pass") == std::string::npos);
  CHECK(reason.find(kKey) == std::string::npos);
}

TEST_CASE("a server that never answers is waited for until that is given up") {
  const Listener listener;
  int asked = 0;
  auto options = to(listener.url("/app/top-secret"));
  options.cancelled = [&asked] { return ++asked > 3; };
  CHECK(reason_of([&] { RtmpWriter{std::move(options)}; }) == "given up");
  CHECK(asked == 4);
}

TEST_CASE("a server that never answers is waited for as long as `timeout` says") {
  const Listener listener;
  auto options = to(listener.url("/app/top-secret"));
  options.timeout = 50ms;
  const auto reason = reason_of([&] { RtmpWriter{std::move(options)}; });
  CHECK(!reason.empty());
  CHECK(reason.find(kKey) == std::string::npos);
}

TEST_CASE("where the host was resolved to is connected to, and the server hears its name") {
  auto server = RtmpServer::welcoming();
  const auto port = server.url("").substr(std::string_view{"rtmp://127.0.0.1"}.size());
  {
    auto options = to("rtmp://live.example.invalid" + port + "/app/key");
    options.address = "127.0.0.1";
    RtmpWriter writer{std::move(options)};
    writer.finish();
  }
  auto received = server.received();
  std::erase(received, '\xc3');  // where a chunk ends and the next begins
  CHECK(received.find("rtmp://live.example.invalid" + port + "/app") != std::string::npos);
}

/// OpenSSL's, with a certificate that it made for itself, for one who connects.
class TlsServer {
 public:
  TlsServer() {
    const auto files = "-keyout " + folder_.file("key") + " -out " + ca_file();
    const auto make =
        "openssl req -x509 -nodes -newkey rsa:2048 -days 1 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost " +
        files + " 2>/dev/null";
    if (std::system(make.c_str()) != 0) return;
    const auto serve = "exec openssl s_server -accept 127.0.0.1:0 -naccept 1 -rev -key " + folder_.file("key") +
                       " -cert " + ca_file() + " 2>/dev/null";
    process_ = ::popen(serve.c_str(), "r");
    std::array<char, 256> line{};
    while (port_ == 0 && process_ != nullptr && std::fgets(line.data(), line.size(), process_) != nullptr) {
      (void)std::sscanf(line.data(), "ACCEPT 127.0.0.1:%d", &port_);
    }
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() {
    if (process_ != nullptr) ::pclose(process_);
  }
  [[nodiscard]] bool is_there() const { return port_ != 0; }
  [[nodiscard]] std::string ca_file() const { return folder_.file("certificate"); }
  /// What comes of connecting: it says nothing that RTMP knows.
  [[nodiscard]] std::string reason(const std::string& host, const std::string& ca_file) const {
    auto options = to("rtmps://" + host + ':' + std::to_string(port_) + "/app/top-secret");
    options.ca_file = ca_file;
    options.timeout = 3s;
    return reason_of([&] { RtmpWriter{std::move(options)}; });
  }

 private:
  TemporaryFolder folder_;
  std::FILE* process_ = nullptr;
  int port_ = 0;
};

TEST_CASE("rtmps: who has no certificate that is trusted is not talked to") {
  const struct {
    bool trusted;
    std::string host;
    std::string reason;
  } cases[]{{false, "localhost", "certificate"}, {true, "127.0.0.1", "certificate"}, {true, "localhost", "timed out"}};
  for (const auto& [trusted, host, expected] : cases) {
    const TlsServer server;
    if (!server.is_there()) {
      MESSAGE("no openssl here: not tested");
      return;
    }
    const auto reason = server.reason(host, trusted ? server.ca_file() : "");
    CAPTURE(reason);
    CHECK(reason.find(expected) != std::string::npos);
    CHECK(reason.find(kKey) == std::string::npos);
  }
}

TEST_CASE("an address that cannot be one, and tracks that RTMP has not, are refused") {
  CHECK(reason_of([] { RtmpWriter{to("http://example.org/app/top-secret")}; }).find("rtmp://") != std::string::npos);
  CHECK_THROWS_AS(RtmpWriter({.url = "rtmp://127.0.0.1/app/key", .tracks = {}}), MediaError);
  CHECK_THROWS_AS(RtmpWriter({.url = "rtmp://127.0.0.1/app/key", .tracks = {*format_of(Codec::opus, {})}}), MediaError);
}

}  // namespace
}  // namespace sluice::media
