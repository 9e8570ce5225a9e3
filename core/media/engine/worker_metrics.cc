#include "core/media/engine/worker_metrics.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace sluice {

namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

MetricLabels direction(std::string name) { return {{"direction", std::move(name)}}; }

std::uint64_t all_drops(const WorkerReport& report) {
  const TransportCounters& media = report.transports;
  return media.dropped_before_dtls + media.dropped_unauthenticated + media.dropped_replayed + media.dropped_malformed +
         media.dropped_unknown_stream + media.dropped_dtls + report.sent.dropped + report.queue_drops;
}

}  // namespace

WorkerReport WorkerReport::of(const WorkerCore& core, MediaWorker& worker) {
  return {.worker = core.counters(),
          .transports = core.total_counters(),
          .sent = worker.send_counters(),
          .tcp = worker.tcp_counters(),
          .queue_drops = worker.queue_drops(),
          .quality = core.quality_counters(),
          .connections = core.connection_counters(),
          .now = core.transport_sums(),
          .producers = core.producer_counts(),
          .consumers = core.consumer_counts(),
          .tap_count = core.taps().size(),
          .tap_drops = core.taps().dropped(),
          .receive_sizes = worker.receive_sizes(),
          .pressure = worker.take_pressure()};
}

double load_between(const WorkerPressure& before, const WorkerPressure& now) noexcept {
  if (now.at <= before.at) return 0;
  return std::clamp(seconds(now.cpu_time - before.cpu_time) / seconds(now.at - before.at), 0.0, 1.0);
}

WorkerStats stats_of(unsigned index, const WorkerReport& report, double load) {
  std::size_t transports = 0;
  for (const std::size_t count : report.now.by_state) transports += count;
  return {.index = index,
          .load = load,
          .transports = transports,
          .producers = report.producers.total(),
          .consumers = report.consumers.total(),
          .taps = report.tap_count,
          .receiving_bps = report.now.receiving.bps(),
          .sending_bps = report.now.sending.bps(),
          .packets_received = report.transports.packets_received,
          .packets_sent = report.transports.packets_sent,
          .queued_packets = report.pressure.queued_packets,
          .packets_dropped = all_drops(report)};
}

WorkerMetrics::WorkerMetrics(CoreMetrics& metrics, WorkerIndex worker)
    : grown_{metrics}, worker_{{"worker", std::to_string(worker.value())}} {
  update({});  // what has not happened yet reads 0 from the start
}

void WorkerMetrics::update(const WorkerReport& report, double load) {
  tell_now(report, load);
  tell_traffic(report);
  tell_drops(report);
  tell_tcp(report.tcp);
  tell_repairs(report.quality);
  tell_flow("received", report.quality.received);
  tell_flow("sent", report.quality.sent);
  tell_ice(report.connections);
  tell_dtls(report.connections);
}

void WorkerMetrics::tell_now(const WorkerReport& report, double load) {
  const auto with = [this](std::string_view label, std::string_view value) {
    MetricLabels labels = worker_;
    labels.emplace(label, value);
    return labels;
  };
  const auto set = [this](std::string_view name, std::string_view help, const MetricLabels& labels, std::size_t value) {
    grown_.set(name, help, labels, static_cast<double>(value));
  };
  constexpr std::array<std::string_view, 6> kStates{"created",      "connecting", "connected",
                                                    "disconnected", "failed",     "closed"};
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    set("transports", "Transports, by state.", with("state", kStates[i]), report.now.by_state[i]);
  }
  for (const auto& [kind, name] : {std::pair{MediaKind::audio, "audio"}, std::pair{MediaKind::video, "video"}}) {
    set("producers", "Producers: media that clients send.", with("kind", name), report.producers[kind]);
    set("consumers", "Consumers: media that clients are sent.", with("kind", name), report.consumers[kind]);
  }
  set("consumers_limited", "Consumers of video that want of bandwidth holds down.", worker_,
      report.now.limited_consumers);
  set("taps", "Producers' media that plugins read, once per tap.", worker_, report.tap_count);
  set("tcp_connections", "Open TCP connections of media.", worker_, report.tcp.open);
  grown_.set("worker_load_ratio", "Share of the last two seconds that the worker's thread ran on a core.", worker_,
             load);
  grown_.raise("worker_cpu_seconds_total", "Time that the worker's thread ran on a core, in seconds.", worker_,
               seconds(report.pressure.cpu_time));
  set("worker_queued_packets", "Most packets of other workers that waited at once, of the last two seconds.", worker_,
      report.pressure.queued_packets);
  set("worker_queued_tasks", "Most commands that waited at once, of the last two seconds.", worker_,
      report.pressure.queued_tasks);
}

void WorkerMetrics::tell_traffic(const WorkerReport& report) {
  const TransportCounters& media = report.transports;
  grown_.raise("datagrams_received_total", "Datagrams received.", worker_, report.worker.datagrams);
  grown_.raise("packets_received_total", "RTP and RTCP packets received.", worker_, media.packets_received);
  grown_.raise("bytes_received_total", "Bytes of SRTP and SRTCP received.", worker_, media.bytes_received);
  grown_.raise("packets_sent_total", "RTP and RTCP packets sent.", worker_, media.packets_sent);
  grown_.raise("bytes_sent_total", "Bytes of SRTP and SRTCP sent.", worker_, media.bytes_sent);
  grown_.raise("datagrams_sent_total", "Datagrams handed to the kernel.", worker_, report.sent.packets);
  grown_.raise("tcp_packets_sent_total", "Packets queued for TCP connections.", worker_, report.tcp.packets_sent);
  grown_.raise("send_messages_total", "Messages that the datagrams sent left in.", worker_, report.sent.messages);
  grown_.raise("send_system_calls_total", "System calls that the messages took.", worker_, report.sent.system_calls);
  grown_.raise("receive_batch_datagrams", "Datagrams that one system call brought.", {}, report.receive_sizes);
  grown_.raise("send_message_datagrams", "Datagrams that left in one message.", {}, report.sent.in_message);
  grown_.raise("send_batch_messages", "Messages that one system call took.", {}, report.sent.in_system_call);
  grown_.raise("tap_packets_dropped_total", "Packets that found the queue of a tap full.", worker_, report.tap_drops);
}

void WorkerMetrics::tell_drops(const WorkerReport& report) {
  const auto dropped = [this](std::string_view reason, std::uint64_t total) {
    grown_.raise("datagrams_dropped_total", "Datagrams received and dropped.", {{"reason", std::string{reason}}},
                 total);
  };
  const auto unsent = [this](std::string_view reason, std::uint64_t total) {
    grown_.raise("packets_unsent_total", "Packets that could not be sent.", {{"reason", std::string{reason}}}, total);
  };
  dropped("unknown_kind", report.worker.dropped_unknown_kind);
  dropped("unknown_ufrag", report.worker.dropped_unknown_ufrag);
  dropped("stun", report.worker.dropped_stun);
  dropped("unvalidated", report.worker.dropped_unvalidated);
  dropped("oversize", report.worker.dropped_oversize);
  dropped("before_dtls", report.transports.dropped_before_dtls);
  dropped("unauthenticated", report.transports.dropped_unauthenticated);
  dropped("replayed", report.transports.dropped_replayed);
  dropped("malformed", report.transports.dropped_malformed);
  dropped("unknown_stream", report.transports.dropped_unknown_stream);
  dropped("dtls", report.transports.dropped_dtls);
  unsent("kernel", report.sent.dropped);
  unsent("oversize", report.transports.dropped_oversize);
  unsent("worker_queue", report.queue_drops);
  unsent("tcp_queue", report.tcp.packets_dropped);
}

void WorkerMetrics::tell_tcp(const TcpCounters& tcp) {
  const auto opened = [this](std::string result, std::uint64_t total) {
    grown_.raise("tcp_connections_total", "TCP connections that clients opened.", {{"result", std::move(result)}},
                 total);
  };
  const auto closed = [this](std::string reason, std::uint64_t total) {
    grown_.raise("tcp_closed_total", "TCP connections that have ended.", {{"reason", std::move(reason)}}, total);
  };
  opened("accepted", tcp.accepted);
  opened("refused", tcp.refused);
  closed("peer", tcp.closed_by_peer);
  closed("garbage", tcp.closed_garbage);
  closed("unvalidated", tcp.closed_unvalidated);
  closed("invalid", tcp.closed_invalid);
  closed("stuck", tcp.closed_stuck);
}

void WorkerMetrics::tell_repairs(const QualityCounters& quality) {
  grown_.raise("nacked_packets_total", "Packets asked for again.", direction("sent"), quality.nacks_sent);
  grown_.raise("nacked_packets_total", "Packets asked for again.", direction("received"), quality.nacks_received);
  grown_.raise("retransmitted_packets_total", "Packets sent again to clients.", worker_, quality.retransmitted);
  grown_.raise("repaired_packets_total", "Packets of publishers that were asked for again and came.", worker_,
               quality.repaired);
  grown_.raise("keyframe_requests_total", "PLI and FIR.", direction("sent"), quality.keyframe_requests_sent);
  grown_.raise("keyframe_requests_total", "PLI and FIR.", direction("received"), quality.keyframe_requests_received);
  grown_.raise("probes_total", "Bursts sent to learn whether a path carries more.", worker_, quality.probes);
  grown_.raise("round_trip_seconds", "Round trips to clients, one value per transport and second.", {},
               quality.round_trip);
}

void WorkerMetrics::tell_flow(const std::string& way, const FlowCounters& flow) {
  for (const auto& [kind, name] : {std::pair{MediaKind::audio, "audio"}, std::pair{MediaKind::video, "video"}}) {
    MetricLabels labels = direction(way);
    labels.emplace("kind", name);
    grown_.raise("payload_bytes_total", "Bytes of RTP payload, without retransmissions.", labels,
                 flow.payload_bytes[static_cast<std::size_t>(kind)]);
  }
  grown_.raise("packets_lost_total", "Packets lost on the network, before repairs.", direction(way), flow.packets_lost);
  grown_.raise("loss_ratio", "Share of packets lost, one value per transport and second.", direction(way), flow.loss);
}

void WorkerMetrics::tell_ice(const ConnectionCounters& connections) {
  for (std::size_t i = 0; i < kIceOutcomes; ++i) {
    grown_.raise("ice_results_total", "Transports by what became of their ICE.",
                 {{"result", std::string{to_string(static_cast<IceOutcome>(i))}}}, connections.ice[i]);
  }
  grown_.raise("ice_connect_seconds", "Time from a transport's making to its first path.", {}, connections.ice_seconds);
  grown_.raise("ice_restarts_total", "ICE restarts that clients asked for.", {}, connections.ice_restarts);
  grown_.raise("consent_lost_total", "Transports whose client stopped its consent checks.", {},
               connections.consent_lost);
  grown_.raise("consent_returned_total", "Transports whose client came back after that.", {},
               connections.consent_returned);
}

void WorkerMetrics::tell_dtls(const ConnectionCounters& connections) {
  const auto handshakes = [this](std::string_view result, std::uint64_t total) {
    grown_.raise("dtls_handshakes_total", "DTLS handshakes by what became of them.", {{"result", std::string{result}}},
                 total);
  };
  handshakes("ok", connections.handshakes);
  for (std::size_t i = 0; i < kDtlsFailures; ++i) {
    handshakes(to_string(static_cast<DtlsFailure>(i)), connections.handshakes_failed[i]);
  }
  for (const DtlsFailure reason : {DtlsFailure::peer_closed, DtlsFailure::connection_error}) {
    grown_.raise("dtls_ended_total", "Connections that the peer ended after the handshake.",
                 {{"reason", std::string{to_string(reason)}}},
                 connections.connections_ended[static_cast<std::size_t>(reason)]);
  }
  grown_.raise("dtls_handshake_seconds", "Duration of successful DTLS handshakes.", {}, connections.dtls_seconds);
}

}  // namespace sluice
