#include "core/media/engine/worker_metrics.h"

#include <utility>

namespace sluice {

WorkerReport WorkerReport::of(const WorkerCore& core, const MediaWorker& worker) {
  return {.worker = core.counters(),
          .transports = core.total_counters(),
          .sent = worker.send_counters(),
          .tcp = worker.tcp_counters(),
          .queue_drops = worker.queue_drops(),
          .transport_count = core.transport_count(),
          .quality = core.quality_counters(),
          .limited_consumers = core.limited_consumers(),
          .tap_count = core.taps().size(),
          .tap_drops = core.taps().dropped()};
}

WorkerStats stats_of(unsigned index, const WorkerReport& report) {
  const TransportCounters& media = report.transports;
  return {.index = index,
          .transports = report.transport_count,
          .taps = report.tap_count,
          .packets_received = media.packets_received,
          .packets_sent = media.packets_sent,
          .packets_dropped = media.dropped_before_dtls + media.dropped_unauthenticated + media.dropped_malformed +
                             media.dropped_unknown_stream + media.dropped_dtls + report.sent.dropped +
                             report.queue_drops};
}

WorkerMetrics::WorkerMetrics(Metrics& metrics, WorkerIndex worker)
    : metrics_{metrics},
      worker_{std::to_string(worker.value())},
      transports_{metrics.gauge("transports", "Open transports.", {{"worker", worker_}})},
      tcp_connections_{metrics.gauge("tcp_connections", "Open TCP connections of media.", {{"worker", worker_}})},
      limited_{metrics.gauge("consumers_limited", "Consumers of video that want of bandwidth holds down.",
                             {{"worker", worker_}})},
      taps_{metrics.gauge("taps", "Producers' media that plugins read, once per tap.", {{"worker", worker_}})} {
  update({});  // what has not happened yet reads 0 from the start
}

// Counters of the process only grow, so that what is added is what has come since the last report.
void WorkerMetrics::raise(std::string_view name, std::string_view help, MetricLabels labels, std::uint64_t total) {
  std::string key{name};
  for (const auto& [label, value] : labels) {
    if (label != "worker") key.append(" ").append(value);
  }
  auto found = grown_.find(key);
  if (found == grown_.end()) {
    found = grown_.emplace(std::move(key), Grown{metrics_.counter(name, help, labels)}).first;
  }
  Grown& grown = found->second;
  if (total <= grown.seen) return;
  grown.counter.add(static_cast<double>(total - std::exchange(grown.seen, total)));
}

void WorkerMetrics::raise_dropped(std::string_view reason, std::uint64_t total) {
  raise("datagrams_dropped_total", "Datagrams received and dropped.", {{"reason", std::string{reason}}}, total);
}

void WorkerMetrics::raise_unsent(std::string_view reason, std::uint64_t total) {
  raise("packets_unsent_total", "Packets that could not be sent.", {{"reason", std::string{reason}}}, total);
}

void WorkerMetrics::raise_tcp(const TcpCounters& tcp) {
  const auto opened = [this](std::string result, std::uint64_t total) {
    raise("tcp_connections_total", "TCP connections that clients opened.", {{"result", std::move(result)}}, total);
  };
  const auto closed = [this](std::string reason, std::uint64_t total) {
    raise("tcp_closed_total", "TCP connections that have ended.", {{"reason", std::move(reason)}}, total);
  };
  opened("accepted", tcp.accepted);
  opened("refused", tcp.refused);
  closed("peer", tcp.closed_by_peer);
  closed("garbage", tcp.closed_garbage);
  closed("unvalidated", tcp.closed_unvalidated);
  closed("invalid", tcp.closed_invalid);
  closed("stuck", tcp.closed_stuck);
}

void WorkerMetrics::raise_quality(const QualityCounters& quality) {
  const MetricLabels by_worker{{"worker", worker_}};
  const auto by_direction = [](std::string direction) { return MetricLabels{{"direction", std::move(direction)}}; };
  raise("nacked_packets_total", "Packets asked for again.", by_direction("sent"), quality.nacks_sent);
  raise("nacked_packets_total", "Packets asked for again.", by_direction("received"), quality.nacks_received);
  raise("retransmitted_packets_total", "Packets sent again to clients.", by_worker, quality.retransmitted);
  raise("repaired_packets_total", "Packets of publishers that were asked for again and came.", by_worker,
        quality.repaired);
  raise("keyframe_requests_total", "PLI and FIR.", by_direction("sent"), quality.keyframe_requests_sent);
  raise("keyframe_requests_total", "PLI and FIR.", by_direction("received"), quality.keyframe_requests_received);
  raise("probes_total", "Bursts sent to learn whether a path carries more.", by_worker, quality.probes);
}

void WorkerMetrics::update(const WorkerReport& report) {
  const MetricLabels by_worker{{"worker", worker_}};
  const auto& [worker, transports, sent, tcp, queue_drops, transport_count, quality, limited, taps, tap_drops] = report;
  transports_.set(static_cast<double>(transport_count));
  raise("datagrams_received_total", "Datagrams received.", by_worker, worker.datagrams);
  raise("packets_received_total", "RTP and RTCP packets received.", by_worker, transports.packets_received);
  raise("bytes_received_total", "Bytes of SRTP and SRTCP received.", by_worker, transports.bytes_received);
  raise("packets_sent_total", "RTP and RTCP packets sent.", by_worker, transports.packets_sent);
  raise("bytes_sent_total", "Bytes of SRTP and SRTCP sent.", by_worker, transports.bytes_sent);
  raise("datagrams_sent_total", "Datagrams handed to the kernel.", by_worker, sent.packets);
  raise("tcp_packets_sent_total", "Packets queued for TCP connections.", by_worker, tcp.packets_sent);
  raise("send_messages_total", "Messages that the datagrams sent left in.", by_worker, sent.messages);
  raise("send_system_calls_total", "System calls that the messages took.", by_worker, sent.system_calls);

  raise_dropped("unknown_kind", worker.dropped_unknown_kind);
  raise_dropped("unknown_ufrag", worker.dropped_unknown_ufrag);
  raise_dropped("stun", worker.dropped_stun);
  raise_dropped("unvalidated", worker.dropped_unvalidated);
  raise_dropped("oversize", worker.dropped_oversize);
  raise_dropped("before_dtls", transports.dropped_before_dtls);
  raise_dropped("unauthenticated", transports.dropped_unauthenticated);
  raise_dropped("malformed", transports.dropped_malformed);
  raise_dropped("unknown_stream", transports.dropped_unknown_stream);
  raise_dropped("dtls", transports.dropped_dtls);

  raise_unsent("kernel", sent.dropped);
  raise_unsent("oversize", transports.dropped_oversize);
  raise_unsent("worker_queue", queue_drops);
  raise_unsent("tcp_queue", tcp.packets_dropped);

  tcp_connections_.set(static_cast<double>(tcp.open));
  raise_tcp(tcp);
  limited_.set(static_cast<double>(limited));
  raise_quality(quality);
  taps_.set(static_cast<double>(taps));
  raise("tap_packets_dropped_total", "Packets that found the queue of a tap full.", by_worker, tap_drops);
}

}  // namespace sluice
