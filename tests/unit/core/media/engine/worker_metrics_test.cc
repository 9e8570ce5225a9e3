#include "core/media/engine/worker_metrics.h"

#include <doctest/doctest.h>

#include "core/metrics/metric_registry.h"

namespace sluice {
namespace {

struct Fixture {
  bool says(std::string_view line) const { return registry.expose().find(line) != std::string::npos; }

  MetricRegistry registry;
  CoreMetrics& metrics = registry.component("media");
  WorkerMetrics first{metrics, WorkerIndex{0}};
  WorkerMetrics second{metrics, WorkerIndex{1}};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "traffic is told by worker, drops by reason") {
  first.update({.worker = {.datagrams = 10, .dropped_stun = 2},
                .transports = {.packets_sent = 7, .dropped_oversize = 1},
                .sent = {.packets = 9, .messages = 3, .dropped = 4},
                .queue_drops = 5,
                .now = {.by_state = {1, 2, 3, 0, 0, 0}}});
  second.update({.worker = {.datagrams = 1, .dropped_stun = 1}, .now = {.by_state = {0, 0, 2, 0, 0, 0}}});
  CHECK(says("sluice_media_datagrams_received_total{worker=\"0\"} 10\n"));
  CHECK(says("sluice_media_datagrams_received_total{worker=\"1\"} 1\n"));
  CHECK(says("sluice_media_packets_sent_total{worker=\"0\"} 7\n"));
  CHECK(says("sluice_media_datagrams_sent_total{worker=\"0\"} 9\n"));
  CHECK(says("sluice_media_send_messages_total{worker=\"0\"} 3\n"));
  CHECK(says("sluice_media_transports{state=\"created\",worker=\"0\"} 1\n"));
  CHECK(says("sluice_media_transports{state=\"connected\",worker=\"0\"} 3\n"));
  CHECK(says("sluice_media_transports{state=\"connected\",worker=\"1\"} 2\n"));
  CHECK(says("sluice_media_transports{state=\"failed\",worker=\"1\"} 0\n"));
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
                    .now = {.limited_consumers = 8},
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

TEST_CASE_FIXTURE(Fixture, "what is sent and lost is told by kind and direction, of all workers together") {
  QualityCounters quality;
  quality.received.payload_bytes = {100, 2000};
  quality.received.packets_lost = 3;
  quality.sent.payload_bytes = {50, 4000};
  quality.sent.packets_lost = 5;
  quality.sent.loss.add(0.015);
  quality.round_trip.add(0.08);
  for (WorkerMetrics* worker : {&first, &second}) worker->update({.quality = quality});
  CHECK(says("sluice_media_payload_bytes_total{direction=\"received\",kind=\"audio\"} 200\n"));
  CHECK(says("sluice_media_payload_bytes_total{direction=\"sent\",kind=\"video\"} 8000\n"));
  CHECK(says("sluice_media_packets_lost_total{direction=\"received\"} 6\n"));
  CHECK(says("sluice_media_packets_lost_total{direction=\"sent\"} 10\n"));
  CHECK(says("sluice_media_loss_ratio_bucket{direction=\"sent\",le=\"0.01\"} 0\n"));
  CHECK(says("sluice_media_loss_ratio_bucket{direction=\"sent\",le=\"0.02\"} 2\n"));
  CHECK(says("sluice_media_loss_ratio_count{direction=\"received\"} 0\n"));
  CHECK(says("sluice_media_round_trip_seconds_bucket{le=\"0.05\"} 0\n"));
  CHECK(says("sluice_media_round_trip_seconds_bucket{le=\"0.1\"} 2\n"));
}

TEST_CASE_FIXTURE(Fixture, "how connections come about is told by result") {
  ConnectionCounters connections;
  connections.handshakes = 9;
  connections.consent_lost = 2;
  connections.consent_returned = 1;
  connections.ice_restarts = 4;
  connections.ice[static_cast<std::size_t>(IceOutcome::connected)] = 10;
  connections.ice[static_cast<std::size_t>(IceOutcome::silent)] = 3;
  connections.handshakes_failed[static_cast<std::size_t>(DtlsFailure::fingerprint_mismatch)] = 1;
  connections.connections_ended[static_cast<std::size_t>(DtlsFailure::peer_closed)] = 7;
  connections.ice_seconds.add(0.2);
  connections.dtls_seconds.add(0.04);
  first.update({.connections = connections});
  CHECK(says("sluice_media_ice_results_total{result=\"connected\"} 10\n"));
  CHECK(says("sluice_media_ice_results_total{result=\"silent\"} 3\n"));
  CHECK(says("sluice_media_ice_results_total{result=\"refused\"} 0\n"));
  CHECK(says("sluice_media_ice_connect_seconds_bucket{le=\"0.1\"} 0\n"));
  CHECK(says("sluice_media_ice_connect_seconds_bucket{le=\"0.25\"} 1\n"));
  CHECK(says("sluice_media_ice_restarts_total 4\n"));
  CHECK(says("sluice_media_consent_lost_total 2\n"));
  CHECK(says("sluice_media_consent_returned_total 1\n"));
  CHECK(says("sluice_media_dtls_handshakes_total{result=\"ok\"} 9\n"));
  CHECK(says("sluice_media_dtls_handshakes_total{result=\"fingerprint_mismatch\"} 1\n"));
  CHECK(says("sluice_media_dtls_handshakes_total{result=\"timeout\"} 0\n"));
  CHECK(says("sluice_media_dtls_ended_total{reason=\"peer_closed\"} 7\n"));
  CHECK(says("sluice_media_dtls_handshake_seconds_count 1\n"));
}

TEST_CASE_FIXTURE(Fixture, "how busy a worker is, and how much its system calls carry, is told") {
  WorkerReport report{.producers = {{2, 3}}, .consumers = {{20, 30}}};
  report.pressure = {.cpu_time = std::chrono::milliseconds{1500}, .queued_packets = 12, .queued_tasks = 4};
  for (const double size : {1.0, 1.0, 7.0}) report.receive_sizes.add(size);
  report.sent.in_message.add(44);
  first.update(report, 0.25);
  CHECK(says("sluice_media_worker_load_ratio{worker=\"0\"} 0.25\n"));
  CHECK(says("sluice_media_worker_cpu_seconds_total{worker=\"0\"} 1.5\n"));
  CHECK(says("sluice_media_worker_queued_packets{worker=\"0\"} 12\n"));
  CHECK(says("sluice_media_worker_queued_tasks{worker=\"0\"} 4\n"));
  CHECK(says("sluice_media_producers{kind=\"audio\",worker=\"0\"} 2\n"));
  CHECK(says("sluice_media_consumers{kind=\"video\",worker=\"0\"} 30\n"));
  CHECK(says("sluice_media_receive_batch_datagrams_bucket{le=\"1\"} 2\n"));
  CHECK(says("sluice_media_receive_batch_datagrams_sum 9\n"));
  CHECK(says("sluice_media_send_message_datagrams_bucket{le=\"32\"} 0\n"));
  CHECK(says("sluice_media_send_message_datagrams_bucket{le=\"64\"} 1\n"));
}

TEST_CASE("load is the share of the time between two reports that the thread ran") {
  using namespace std::chrono_literals;
  const WorkerPressure before{.at = Instant{10s}, .cpu_time = 3s};
  CHECK(load_between(before, {.at = Instant{12s}, .cpu_time = 3500ms}) == doctest::Approx(0.25));
  CHECK(load_between(before, {.at = Instant{12s}, .cpu_time = 9s}) == 1);
  CHECK(load_between(before, before) == 0);
}

TEST_CASE("plugins see what the worker says") {
  WorkerReport report{
      .transports = {.packets_received = 5, .packets_sent = 6, .dropped_malformed = 1},
      .sent = {.dropped = 2},
      .now = {.by_state = {1, 0, 4, 0, 0, 0}, .receiving = DataRate::bps(1000), .sending = DataRate::bps(2000)},
      .producers = {{1, 2}},
      .consumers = {{3, 4}},
      .tap_count = 7};
  report.pressure.queued_packets = 8;
  const WorkerStats stats = stats_of(3, report, 0.5);
  CHECK(stats.index == 3);
  CHECK(stats.load == 0.5);
  CHECK(stats.transports == 5);
  CHECK(stats.producers == 3);
  CHECK(stats.consumers == 7);
  CHECK(stats.taps == 7);
  CHECK(stats.receiving_bps == 1000);
  CHECK(stats.sending_bps == 2000);
  CHECK(stats.queued_packets == 8);
  CHECK(stats.packets_dropped == 3);
}

}  // namespace sluice
