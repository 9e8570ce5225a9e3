#include "tests/congestion/gateway_call.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace sluice::congestion {

using simulation::Address;
using simulation::FrameKind;
using simulation::MediaSource;
using simulation::ReceiverModel;
using simulation::SimulatedPeer;

namespace {

constexpr Ssrc kMicrophone{0x3001};
const std::array kEncodings{SimulcastCamera::Encoding{"l", Ssrc{0x1001}, DataRate::kbps(150)},
                            SimulcastCamera::Encoding{"m", Ssrc{0x1002}, DataRate::kbps(500)},
                            SimulcastCamera::Encoding{"h", Ssrc{0x1003}, DataRate::kbps(1500)}};
constexpr Duration kPacketOfAudio = 20ms;

// Of a viewer's streams.
constexpr Ssrc video_ssrc(ClientNumber viewer) { return Ssrc{0x5000'0000 + viewer}; }
constexpr Ssrc audio_ssrc(ClientNumber viewer) { return Ssrc{0x6000'0000 + viewer}; }

}  // namespace

SimulcastCamera::SimulcastCamera(simulation::SimulatedNetwork& network, SimulatedPeer& peer,
                                 const std::vector<Encoding>& encodings)
    : network_{network}, peer_{peer} {
  for (const Encoding& encoding : encodings) {
    AdaptiveSource::Config frames{.min = encoding.rate, .max = encoding.rate, .capture_jitter = 0};
    frames.keyframe_interval = 1h;  // but for those that are asked for
    frames.seed = encoding.ssrc.value();
    encodings_.push_back({.encoding = encoding,
                          .source = test::Call::simulcast_source(encoding.ssrc, encoding.rid),
                          .frames = AdaptiveSource{frames, network.now() - AdaptiveSource::kFrameInterval}});
  }
  tick();
}

void SimulcastCamera::tick() {
  if (!running_) return;
  const Instant now = network_.now();
  for (std::uint8_t layer = 0; layer < encodings_.size(); ++layer) {
    Running& running = encodings_[layer];
    const std::size_t requests = peer_.keyframe_requests(running.encoding.ssrc).size();
    if (std::exchange(running.keyframes_answered, requests) < requests) running.frames.request_keyframe();
    const auto bytes = running.frames.poll(running.encoding.rate, now);
    if (!bytes) continue;
    const FrameKind kind = running.frames.is_keyframe() ? FrameKind::key : FrameKind::delta;
    running.source.send_frame(
        peer_.peer, {.kind = kind, .bytes = *bytes, .stamp = simulation::FrameStamp{.layer = layer, .sent = now}});
  }
  network_.at(now + AdaptiveSource::kFrameInterval, [this] { tick(); });
}

GatewayCall::GatewayCall(const std::string& name, std::uint64_t seed)
    : Call{seed, {.delay = kOneWay}}, publisher_{join(kPublisher)}, microphone_{audio_source(kMicrophone)} {
  publish_media();
  if (const char* folder = std::getenv("SLUICE_CONGESTION_TRACE")) {
    trace_.open(std::string{folder} + "/" + name + ".csv");
    trace_ << "ms,viewer,capacity_kbps,estimate_kbps,wanted_kbps,sending_kbps,layer,queue_bytes,probes,loss\n";
    trace();
  }
}

void GatewayCall::trace() {
  for (const auto& [viewer, peer] : viewers_) {
    const auto stats = worker.core.transport_stats(test::transport_of(viewer));
    const auto& queue = network.bottleneck(test::kGateway, Address{viewer});
    if (!stats) continue;
    trace_ << std::chrono::duration_cast<std::chrono::milliseconds>(network.now().time_since_epoch() - 1h).count()
           << ',' << viewer << ',' << queue.config().rate.kbps() << ','
           << stats->available_outgoing_bps.value_or(0) / 1000 << ',' << stats->wanted_outgoing_bps / 1000 << ','
           << stats->sending_bps / 1000 << ',' << int{layer(viewer)} << ',' << queue.queued_bytes() << ','
           << stats->probes << ',' << stats->fraction_lost << '\n';
  }
  network.at(network.now() + 100ms, [this] { trace(); });
}

void GatewayCall::publish_media() {
  auto camera = simulation::video_producer(mid("v"), {}, {rid("l"), rid("m"), rid("h")});
  simulation::add_rtx(camera);
  publish(kPublisher, camera_key_, MediaKind::video, std::move(camera));
  publish(kPublisher, microphone_key_, MediaKind::audio, simulation::audio_producer(mid("a"), kMicrophone));
  for (const auto& encoding : kEncodings) {
    publisher_.answer_nacks({.ssrc = encoding.ssrc,
                             .rtx_ssrc = simulation::rtx_of(encoding.ssrc),
                             .rtx_payload_type = PayloadType{simulation::kProducerRtx},
                             .mid = mid("v"),
                             .rid = rid(encoding.rid)});
  }
  camera_ = std::make_unique<SimulcastCamera>(
      network, publisher_, std::vector<SimulcastCamera::Encoding>{kEncodings.begin(), kEncodings.end()});
  send_audio();
}

void GatewayCall::send_audio() {
  microphone_.send_audio(publisher_.peer);
  network.at(network.now() + kPacketOfAudio, [this] { send_audio(); });
}

void GatewayCall::add_viewer(ClientNumber viewer) {
  SimulatedPeer& peer = join(viewer);
  viewers_[viewer] = &peer;
  peer.keep_received = false;
  peer.receive({.streams = {{.ssrc = video_ssrc(viewer),
                             .payload_type = PayloadType{simulation::kConsumerVp8},
                             .rtx_ssrc = simulation::rtx_of(video_ssrc(viewer))},
                            {.ssrc = audio_ssrc(viewer),
                             .payload_type = PayloadType{simulation::kConsumerOpus},
                             .kind = MediaKind::audio,
                             .nack = false}},
                .transport_sequence_id = simulation::kConsumerIds.transport_sequence,
                .nack = {.retry = 2 * kOneWay + 15ms}});

  auto video = simulation::video_consumer(mid("5"), video_ssrc(viewer));
  simulation::add_rtx(video, simulation::rtx_of(video_ssrc(viewer)));
  simulation::add_transport_cc(video.feedback);
  auto audio = simulation::audio_consumer(mid("6"), audio_ssrc(viewer));
  simulation::add_transport_cc(audio.feedback);
  const auto consume = [&](Ssrc ssrc, MediaKind kind, ortc::ConsumerMapping mapping, ProducerKey producer) {
    worker.core.consume(test::transport_of(viewer),
                        {.key = ConsumerKey{ssrc.value()},
                         .kind = kind,
                         .mapping = std::move(mapping),
                         .clock_rate = kind == MediaKind::video ? simulation::kVideoClock : simulation::kAudioClock,
                         .cname = "sluice",
                         .first = kFirst},
                        producer, network.now());
  };
  consume(video_ssrc(viewer), MediaKind::video, std::move(video), camera_key_);
  consume(audio_ssrc(viewer), MediaKind::audio, std::move(audio), microphone_key_);
}

void GatewayCall::set_downlink(ClientNumber viewer, const Link& link) {
  network.set_link(test::kGateway, Address{viewer}, link);
}

void GatewayCall::forget_queue_delays(ClientNumber viewer) {
  network.bottleneck(test::kGateway, Address{viewer}).reset_counters();
}

void GatewayCall::set_uplink(ClientNumber viewer, const Link& link) {
  network.set_link(Address{viewer}, test::kGateway, link);
}

void GatewayCall::set_publisher_link(const Link& link) {
  network.set_link(Address{kPublisher}, test::kGateway, link);
  network.set_link(test::kGateway, Address{kPublisher}, link);
}

const ReceiverModel::Stream& GatewayCall::video(ClientNumber viewer) const {
  return viewers_.at(viewer)->receiver().stream(video_ssrc(viewer));
}

const ReceiverModel::Stream& GatewayCall::audio(ClientNumber viewer) const {
  return viewers_.at(viewer)->receiver().stream(audio_ssrc(viewer));
}

std::uint8_t GatewayCall::layer(ClientNumber viewer) const {
  const auto& frames = picture(viewer).frames();
  return frames.empty() || !frames.back().stamp ? kTopLayer + 1 : frames.back().stamp->layer;
}

std::chrono::milliseconds GatewayCall::run_until_layer(ClientNumber viewer, std::uint8_t wanted,
                                                       std::chrono::milliseconds limit) {
  auto passed = 0ms;
  for (; passed < limit && layer(viewer) != wanted; passed += 10ms) network.run_for(10ms);
  return passed;
}

double GatewayCall::share_in_time(ClientNumber viewer, const Window& window, Duration limit) const {
  const auto& stream = video(viewer);
  std::optional<std::int64_t> first;
  std::int64_t last = 0;
  std::size_t in_time = 0;
  for (const auto& [position, sent] : stream.sent) {
    if (sent < window.from || sent >= window.to) continue;
    if (!first) first = position;
    last = position;
    if (stream.arrivals.at(position) - sent <= limit) ++in_time;
  }
  return first ? static_cast<double>(in_time) / static_cast<double>(last - *first + 1) : 0;
}

std::size_t GatewayCall::most_switches(ClientNumber viewer, const Window& window) const {
  std::size_t most = 0;
  for (Instant from = window.from; from + 5s <= window.to; from += 500ms) {
    most = std::max(most, picture(viewer).switches_between(from, from + 5s));
  }
  return most;
}

std::chrono::milliseconds GatewayCall::longest_freeze(ClientNumber viewer, const Window& window) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(picture(viewer).longest_freeze(window.from, window.to));
}

std::chrono::milliseconds GatewayCall::queue_delay(ClientNumber viewer, double quantile) {
  return network.bottleneck(test::kGateway, Address{viewer}).counters().waits.quantile(quantile);
}

}  // namespace sluice::congestion
