// What a browser sends, as a plugin reads it: over UDP on loopback, the reader on a thread of its own.

#include <atomic>
#include <thread>

#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/sequence_number.h"
#include "tests/integration/media/udp_client.h"
#include "tests/simulation/media_source.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

using simulation::FrameKind;
using simulation::MediaSource;

constexpr Ssrc kMicrophone{1001};
constexpr Ssrc kCamera{2001};

// Reads until it is told to stop, and then what is left.
class ReadingThread {
 public:
  explicit ReadingThread(std::shared_ptr<TapReader> reader)
      : thread_{[this, reader = std::move(reader)] {
          for (bool last = false; !last;) {
            last = stopping_;
            while (const auto packet = reader->next()) {
              packets.emplace_back(packet->rtp.begin(), packet->rtp.end());
              count = packets.size();
            }
            std::this_thread::yield();
          }
        }} {}
  ~ReadingThread() { stop(); }
  ReadingThread(const ReadingThread&) = delete;
  ReadingThread& operator=(const ReadingThread&) = delete;
  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }

  std::vector<std::vector<std::uint8_t>> packets;  // once it has stopped
  std::atomic<std::size_t> count{0};

 private:
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

void check_unbroken(const std::vector<std::vector<std::uint8_t>>& packets, PayloadType type) {
  for (std::size_t i = 0; i < packets.size(); ++i) {
    CAPTURE(i);
    const auto packet = RtpPacketView::parse(packets[i]);
    REQUIRE(packet.has_value());
    CHECK(packet->payload_type() == type);
    CHECK_FALSE(packet->payload().empty());
    if (i == 0) continue;
    CHECK(distance(RtpPacketView::parse(packets[i - 1])->sequence(), packet->sequence()) == 1);
  }
}

}  // namespace

TEST_CASE("a plugin reads a client's audio and video while others are not there at all") {
  EngineFixture fixture{on_loopback(2)};
  const auto transport = fixture.create_transport();
  UdpClient client{*transport, fixture.clock};
  const auto microphone = EngineFixture::produce_audio(*transport, kMicrophone);
  const auto camera = EngineFixture::produce_video(*transport, kCamera);
  MediaSource audio{{.kind = MediaKind::audio, .ssrc = kMicrophone, .mid = Mid::from("a").value()}};
  MediaSource video{{.kind = MediaKind::video, .ssrc = kCamera, .mid = Mid::from("v").value()}};
  REQUIRE(fixture.wait_until([&] { return client.peer().can_send(); }, [&] { client.pump(); }));

  const auto audio_tap = fixture.router->tap({.producer_id = microphone->id()});
  const auto video_tap = fixture.router->tap({.producer_id = camera->id()});
  fixture.settle();
  ReadingThread hears{audio_tap->reader()};
  ReadingThread sees{video_tap->reader()};
  std::size_t sent = 0;
  const auto send = [&] {
    client.pump();
    if (sent == 200) return;
    audio.send_audio(client.peer());
    video.send_frame(client.peer(), sent % 50 == 0 ? FrameKind::key : FrameKind::delta);
    ++sent;
  };
  CHECK(fixture.wait_until([&] { return hears.count == 200 && sees.count == 400; }, send));
  hears.stop();
  sees.stop();
  check_unbroken(hears.packets, audio_tap->rtp_parameters().codecs.front().payload_type);
  check_unbroken(sees.packets, video_tap->rtp_parameters().codecs.front().payload_type);
  CHECK(audio_tap->reader()->dropped() == 0);
  CHECK(video_tap->reader()->dropped() == 0);
}

}  // namespace sluice::test
