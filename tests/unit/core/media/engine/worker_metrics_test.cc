#include "core/media/engine/worker_metrics.h"

#include <doctest/doctest.h>

#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

struct Fixture {
  bool says(std::string_view line) const { return registry.expose().find(line) != std::string::npos; }

  MetricRegistry registry;
  Metrics& metrics = registry.component("media");
  WorkerMetrics first{metrics, WorkerIndex{0}};
  WorkerMetrics second{metrics, WorkerIndex{1}};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "traffic is told by worker, drops by reason") {
  first.update({.worker = {.datagrams = 10, .dropped_stun = 2},
                .transports = {.packets_sent = 7, .dropped_oversize = 1},
                .sent = {.packets = 9, .messages = 3, .dropped = 4},
                .queue_drops = 5,
                .transport_count = 6});
  second.update({.worker = {.datagrams = 1, .dropped_stun = 1}, .transports = {}, .sent = {}, .transport_count = 2});
  CHECK(says("sluice_media_datagrams_received_total{worker=\"0\"} 10\n"));
  CHECK(says("sluice_media_datagrams_received_total{worker=\"1\"} 1\n"));
  CHECK(says("sluice_media_packets_sent_total{worker=\"0\"} 7\n"));
  CHECK(says("sluice_media_datagrams_sent_total{worker=\"0\"} 9\n"));
  CHECK(says("sluice_media_send_messages_total{worker=\"0\"} 3\n"));
  CHECK(says("sluice_media_transports{worker=\"0\"} 6\n"));
  CHECK(says("sluice_media_transports{worker=\"1\"} 2\n"));
  CHECK(says("sluice_media_datagrams_dropped_total{reason=\"stun\"} 3\n"));
  CHECK(says("sluice_media_packets_unsent_total{reason=\"kernel\"} 4\n"));
  CHECK(says("sluice_media_packets_unsent_total{reason=\"oversize\"} 1\n"));
  CHECK(says("sluice_media_packets_unsent_total{reason=\"worker_queue\"} 5\n"));
}

TEST_CASE_FIXTURE(Fixture, "what repairs cost is told, and who is held down by bandwidth") {
  const QualityCounters quality{.nacks_sent = 1,
                                .nacks_received = 2,
                                .retransmitted = 3,
                                .repaired = 4,
                                .keyframe_requests_sent = 5,
                                .keyframe_requests_received = 6,
                                .probes = 7};
  for (WorkerMetrics* worker : {&first, &second}) {
    worker->update({.worker = {},
                    .transports = {},
                    .sent = {},
                    .quality = quality,
                    .limited_consumers = 8,
                    .tap_count = 9,
                    .tap_drops = 10});
  }
  CHECK(says("sluice_media_nacked_packets_total{direction=\"sent\"} 2\n"));
  CHECK(says("sluice_media_nacked_packets_total{direction=\"received\"} 4\n"));
  CHECK(says("sluice_media_retransmitted_packets_total{worker=\"0\"} 3\n"));
  CHECK(says("sluice_media_repaired_packets_total{worker=\"1\"} 4\n"));
  CHECK(says("sluice_media_keyframe_requests_total{direction=\"sent\"} 10\n"));
  CHECK(says("sluice_media_keyframe_requests_total{direction=\"received\"} 12\n"));
  CHECK(says("sluice_media_probes_total{worker=\"0\"} 7\n"));
  CHECK(says("sluice_media_consumers_limited{worker=\"1\"} 8\n"));
  CHECK(says("sluice_media_taps{worker=\"0\"} 9\n"));
  CHECK(says("sluice_media_tap_packets_dropped_total{worker=\"1\"} 10\n"));
}

TEST_CASE_FIXTURE(Fixture, "TCP connections are told by what became of them") {
  const TcpCounters tcp{.accepted = 9,
                        .refused = 1,
                        .closed_by_peer = 2,
                        .closed_garbage = 3,
                        .closed_stuck = 4,
                        .packets_sent = 100,
                        .packets_dropped = 5,
                        .open = 6};
  first.update({.worker = {}, .transports = {}, .sent = {}, .tcp = tcp});
  second.update({.worker = {}, .transports = {}, .sent = {}, .tcp = tcp});
  CHECK(says("sluice_media_tcp_connections{worker=\"0\"} 6\n"));
  CHECK(says("sluice_media_tcp_packets_sent_total{worker=\"1\"} 100\n"));
  CHECK(says("sluice_media_tcp_connections_total{result=\"accepted\"} 18\n"));
  CHECK(says("sluice_media_tcp_connections_total{result=\"refused\"} 2\n"));
  CHECK(says("sluice_media_tcp_closed_total{reason=\"peer\"} 4\n"));
  CHECK(says("sluice_media_tcp_closed_total{reason=\"garbage\"} 6\n"));
  CHECK(says("sluice_media_tcp_closed_total{reason=\"unvalidated\"} 0\n"));
  CHECK(says("sluice_media_tcp_closed_total{reason=\"stuck\"} 8\n"));
  CHECK(says("sluice_media_packets_unsent_total{reason=\"tcp_queue\"} 10\n"));
}

TEST_CASE_FIXTURE(Fixture, "totals that are told again add nothing, and no counter falls") {
  first.update({.worker = {.datagrams = 10}, .transports = {}, .sent = {}});
  first.update({.worker = {.datagrams = 10}, .transports = {}, .sent = {}});
  CHECK(says("sluice_media_datagrams_received_total{worker=\"0\"} 10\n"));
  first.update({.worker = {.datagrams = 4}, .transports = {}, .sent = {}});
  CHECK(says("sluice_media_datagrams_received_total{worker=\"0\"} 10\n"));
  first.update({.worker = {.datagrams = 12}, .transports = {}, .sent = {}});
  CHECK(says("sluice_media_datagrams_received_total{worker=\"0\"} 12\n"));
}

TEST_CASE_FIXTURE(Fixture, "what has not happened yet reads zero") {
  CHECK(says("sluice_media_datagrams_dropped_total{reason=\"unauthenticated\"} 0\n"));
  CHECK(says("sluice_media_bytes_sent_total{worker=\"1\"} 0\n"));
}

}  // namespace sluice
