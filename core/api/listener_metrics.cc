#include "core/api/listener_metrics.h"

#include <array>
#include <utility>

namespace sluice {

ListenerMetrics::ListenerMetrics(CoreMetrics& metrics, std::string name, const net::HttpListener& listener)
    : grown_{metrics}, listener_{{"listener", std::move(name)}}, counters_{listener.counters()} {}

void ListenerMetrics::update() {
  tell_requests(counters_);
  tell_connections(counters_);
  tell_web_sockets(counters_);
}

MetricLabels ListenerMetrics::with(std::string_view label, std::string_view value) const {
  MetricLabels labels = listener_;
  labels.emplace(label, value);
  return labels;
}

void ListenerMetrics::tell_requests(const net::ListenerCounters& counters) {
  constexpr std::array<std::string_view, 4> kClasses{"2xx", "3xx", "4xx", "5xx"};
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    grown_.raise("responses_total", "Answers to HTTP requests by the class of their status.",
                 with("class", kClasses[i]), counters.answers[i].load());
  }
  std::array<std::uint64_t, net::AnswerTimes::kBounds.size() + 1> counts;
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = counters.answer_times.counts[i];
  grown_.raise("request_seconds", "Time from a request to its answer, without long polls.", listener_,
               {net::AnswerTimes::kBounds.begin(), net::AnswerTimes::kBounds.end()}, counts,
               static_cast<double>(counters.answer_times.sum_us) / 1e6);
  grown_.raise("requests_total", "HTTP requests that could be read.", listener_, counters.requests.load());
  grown_.raise("request_bytes_total", "Bytes of requests' bodies.", listener_, counters.request_bytes.load());
  grown_.raise("response_bytes_total", "Bytes of HTTP answers, with their heads.", listener_,
               counters.answer_bytes.load());
  const auto failed = [this](std::string_view reason, std::uint64_t total) {
    grown_.raise("failures_total", "Requests and connections that went wrong.", with("reason", reason), total);
  };
  failed("bad_request", counters.bad_requests);
  failed("timeout", counters.request_timeouts);
  failed("abandoned", counters.abandoned_requests);
  failed("handler", counters.handler_failures);
  failed("tls", counters.tls_failures);
}

void ListenerMetrics::tell_connections(const net::ListenerCounters& counters) {
  grown_.raise("connections_total", "Connections that were accepted.", listener_, counters.connections.load());
  grown_.set("open_connections", "Connections that are open, WebSockets included.", listener_,
             static_cast<double>(counters.open_connections));
  const auto refused = [this](std::string_view reason, std::uint64_t total) {
    grown_.raise("refused_total", "Connections and requests that were turned away.", with("reason", reason), total);
  };
  refused("limit", counters.refused_limit);
  refused("rate", counters.refused_rate);
  refused("origin", counters.refused_origin);
}

void ListenerMetrics::tell_web_sockets(const net::ListenerCounters& counters) {
  grown_.set("open_web_sockets", "WebSockets that are open.", listener_,
             static_cast<double>(counters.open_web_sockets));
  grown_.raise("web_sockets_total", "Upgrades to a WebSocket that succeeded.", listener_, counters.web_sockets.load());
  const auto messages = [this](std::string_view direction, std::uint64_t count, std::uint64_t bytes) {
    grown_.raise("web_socket_messages_total", "Messages of WebSockets.", with("direction", direction), count);
    grown_.raise("web_socket_bytes_total", "Bytes of WebSockets' messages.", with("direction", direction), bytes);
  };
  messages("received", counters.messages_received, counters.message_bytes_received);
  messages("sent", counters.messages_sent, counters.message_bytes_sent);
  const auto dropped = [this](std::string_view reason, std::uint64_t total) {
    grown_.raise("web_sockets_dropped_total", "WebSockets that the gateway ended.", with("reason", reason), total);
  };
  dropped("slow_client", counters.slow_clients);
  dropped("binary", counters.unsupported_data);
  dropped("oversize", counters.oversize_messages);
}

}  // namespace sluice
