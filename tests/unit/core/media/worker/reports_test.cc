// RTCP: reports to producers and consumers, round trips, BYE.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kCamera{0x1111};
constexpr Ssrc kMicrophone{0x2222};
constexpr Ssrc kSentVideo{0xaaaa};

void say_bye(SimulatedPeer& peer, Ssrc ssrc) {
  peer.peer.send_rtcp_of([ssrc](RtcpBuilder& out) { static_cast<void>(out.add_bye(std::span{&ssrc, 1})); });
}

}  // namespace

TEST_CASE("a producer is told what was lost of its stream") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  call.publish_video(1, kCamera);
  MediaSource source = Call::video_source(kCamera);
  call.run_frames(source, alice, 60, FrameKind::key);
  alice.forget_received();
  int sent = 0;
  while (alice.reports().size() < 2) {
    source.send_frame(alice.peer, FrameKind::delta, 3);
    source.skip(1);  // a quarter is lost, from sequence number 65530 over the wrap
    call.network.run_for(20ms);
    REQUIRE(++sent < 200);
  }
  const ReportBlock& report = alice.reports().back();
  CHECK(report.ssrc == kCamera);
  CHECK(report.fraction_lost >= 62);
  CHECK(report.fraction_lost <= 66);
  CHECK(report.cumulative_lost >= sent - 6);
  CHECK(report.cumulative_lost <= sent);
  CHECK(report.extended_highest_sequence > 0x1'0000);
  CHECK(report.last_sender_report == CompactNtp{0});
}

TEST_CASE("reports answer the client's sender reports") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  call.publish_video(1, kCamera);
  MediaSource source = Call::video_source(kCamera);
  call.run_frames(source, alice, 5, FrameKind::key);
  const SenderInfo info{.ntp = NtpTime{0x1234'5678'9abc'def0}, .rtp_timestamp = RtpTimestamp{7}};
  alice.peer.send_rtcp_of([&](RtcpBuilder& out) { static_cast<void>(out.add_sender_report(kCamera, info)); });
  call.run_frames(source, alice, 60);
  REQUIRE_FALSE(alice.reports().empty());
  const ReportBlock& report = alice.reports().back();
  CHECK(report.last_sender_report == CompactNtp{0x5678'9abc});
  CHECK(to_duration(report.delay_since_last_sender_report) > 500ms);
  CHECK(to_duration(report.delay_since_last_sender_report) < 2500ms);
}

TEST_CASE("more streams than a report holds are reported on all the same") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  constexpr std::uint32_t kStreams = 40;
  std::vector<MediaSource> sources;
  for (std::uint32_t i = 0; i < kStreams; ++i) {
    const Mid mid = Call::mid("a" + std::to_string(i));
    call.publish(1, ProducerKey{100 + i}, MediaKind::audio, simulation::audio_producer(mid, Ssrc{100 + i}));
    sources.emplace_back(MediaSource::Spec{.kind = MediaKind::audio, .ssrc = Ssrc{100 + i}, .mid = mid});
  }
  for (int i = 0; i < 80; ++i) {
    for (MediaSource& source : sources) source.send_audio(alice.peer);
    call.network.run_for(20ms);
  }
  for (std::uint32_t i = 0; i < kStreams; ++i) {
    CAPTURE(i);
    CHECK(std::ranges::any_of(alice.reports(), [&](const ReportBlock& block) { return block.ssrc == Ssrc{100 + i}; }));
  }
}

TEST_CASE("a consumer gets sender reports soon, and its round trip is known when it answers") {
  Call call{1, {.delay = 35ms}};
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  const ProducerKey camera = call.publish_video(1, kCamera);
  const ConsumerKey seen = call.view_video(2, camera, kSentVideo);
  call.network.run_for(2s);
  CHECK_FALSE(bob.last_sender_report(kSentVideo).has_value());  // nothing was sent yet

  MediaSource source = Call::video_source(kCamera);
  call.run_frames(source, alice, 40, FrameKind::key);
  const auto info = bob.last_sender_report(kSentVideo);
  REQUIRE(info.has_value());
  CHECK(info->packets > 10);
  CHECK(info->packets <= 80);
  CHECK(info->octets == info->packets * 200);
  // The report's clocks belong together: what was sent at that moment has that timestamp, within a frame.
  CHECK(distance(bob.rtp.front().timestamp(), info->rtp_timestamp) > 0);
  CHECK(distance(bob.rtp.front().timestamp(), info->rtp_timestamp) < 2 * 90'000);

  bob.send_receiver_report(kSentVideo, 64);
  call.network.run_for(100ms);
  const auto stats = call.worker.core.consumer_stats(transport_of(2), seen);
  REQUIRE(stats.has_value());
  REQUIRE(stats->round_trip_time_ms.has_value());
  CHECK(*stats->round_trip_time_ms > 69.0);
  CHECK(*stats->round_trip_time_ms < 71.0);
  CHECK(stats->fraction_lost == 0.25);
  CHECK(stats->packets == 80);
  CHECK(stats->bytes == 80 * 200);
}

TEST_CASE("a report about somebody else's stream, or answering a report that never was, changes nothing") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  const ConsumerKey seen = call.view_video(2, call.publish_video(1, kCamera), kSentVideo);
  MediaSource source = Call::video_source(kCamera);
  call.run_frames(source, alice, 40, FrameKind::key);
  const ReportBlock invented{.ssrc = kSentVideo, .last_sender_report = CompactNtp{0x4711}};
  alice.send_receiver_report(kSentVideo, 255);
  bob.peer.send_rtcp_of([&](RtcpBuilder& out) {
    static_cast<void>(out.add_receiver_report(Ssrc{1}, std::span{&invented, 1}));
  });
  call.network.run_for(100ms);
  const auto stats = call.worker.core.consumer_stats(transport_of(2), seen);
  CHECK(stats->fraction_lost == 0);
  CHECK_FALSE(stats->round_trip_time_ms.has_value());
}

TEST_CASE("BYE ends a producer after the grace") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  const ProducerKey camera = call.publish_video(1, kCamera);
  const ProducerKey microphone = call.publish_audio(1, kMicrophone);
  MediaSource source = Call::video_source(kCamera);
  MediaSource audio = Call::audio_source(kMicrophone);
  call.run_frames(source, alice, 5, FrameKind::key);
  call.run_audio(audio, alice, 5);

  SUBCASE("once") {
    say_bye(alice, kCamera);
    call.network.run_for(4900ms);
    CHECK(call.worker.ended_producers.empty());
    call.network.run_for(200ms);
    CHECK(call.worker.ended_producers == std::vector{camera});
    call.network.run_for(20s);
    CHECK(call.worker.ended_producers.size() == 1);
  }
  SUBCASE("not if packets go on: the BYE had overtaken them, or the track was replaced") {
    say_bye(alice, kCamera);
    call.network.run_for(3s);
    call.run_frames(source, alice, 1);
    call.network.run_for(20s);
    CHECK(call.worker.ended_producers.empty());
  }
  SUBCASE("not while it is paused") {
    call.worker.core.set_producer_paused(microphone, true, call.network.now());
    say_bye(alice, kMicrophone);
    call.network.run_for(20s);
    CHECK(call.worker.ended_producers.empty());
  }
  SUBCASE("not if it is paused within the grace") {
    say_bye(alice, kMicrophone);
    call.network.run_for(1s);
    call.worker.core.set_producer_paused(microphone, true, call.network.now());
    call.network.run_for(20s);
    CHECK(call.worker.ended_producers.empty());
  }
  SUBCASE("and not by a BYE for an SSRC that nobody has") {
    say_bye(alice, Ssrc{0x4711});
    call.network.run_for(20s);
    CHECK(call.worker.ended_producers.empty());
  }
}

TEST_CASE("a simulcast ends when all of its streams have said BYE") {
  Call call;
  SimulatedPeer& alice = call.join(1);
  call.publish_simulcast(1, ProducerKey{9});
  MediaSource low = Call::simulcast_source(Ssrc{31}, "l");
  MediaSource high = Call::simulcast_source(Ssrc{33}, "h");
  call.run_frames(low, alice, 2, FrameKind::key);
  call.run_frames(high, alice, 2, FrameKind::key);
  say_bye(alice, Ssrc{31});
  call.network.run_for(10s);
  CHECK(call.worker.ended_producers.empty());
  say_bye(alice, Ssrc{33});
  call.network.run_for(10s);
  CHECK(call.worker.ended_producers == std::vector{ProducerKey{9}});
}

}  // namespace sluice::test
