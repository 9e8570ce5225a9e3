#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/media.h"

namespace sluice::sdp {

/// A transport that writes down what the session tells it.
class RecordingTransport final : public Transport {
 public:
  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const IceParameters& ice_parameters() const noexcept override { return ice; }
  [[nodiscard]] const std::vector<IceCandidate>& ice_candidates() const noexcept override { return candidates_; }
  [[nodiscard]] const DtlsParameters& dtls_parameters() const noexcept override { return dtls_; }
  [[nodiscard]] TransportState state() const noexcept override { return TransportState::created; }
  void connect(const ConnectOptions& options) override {
    if (!refused_path.empty()) throw Error{ErrorCode::invalid_payload, "it is of no use", {{"path", refused_path}}};
    if (connected) throw Error{ErrorCode::conflict, "connected already"};
    connected = options;
  }
  const IceParameters& restart_ice() override {
    ice.username_fragment = "ours" + std::to_string(++restarts);
    ice.password = "ourPasswordOf22Letters" + std::to_string(restarts);
    return ice;
  }
  void add_ice_candidate(const IceCandidate& candidate) override { added.push_back(candidate); }
  [[nodiscard]] std::unique_ptr<Producer> produce(const ProduceOptions&) override { return nullptr; }
  [[nodiscard]] std::unique_ptr<Consumer> consume(const ConsumeOptions&) override { return nullptr; }
  void on_state(Function<void(TransportState, std::string_view)>) override {}
  void stats(Function<void(TransportStats)>) override {}

  IceParameters ice{.username_fragment = "ours0", .password = "ourPasswordOf22Letters0", .ice_lite = true};
  std::string refused_path;  ///< of what connect() refuses
  std::optional<ConnectOptions> connected;
  int restarts = 0;
  std::vector<IceCandidate> added;

 private:
  std::string id_ = "transport-1";
  std::vector<IceCandidate> candidates_{
      {.foundation = "1", .priority = 2130706431, .ip = "198.51.100.1", .address = "198.51.100.1", .port = 40000}};
  DtlsParameters dtls_{.fingerprints = {{"sha-256", "00:11:22:33"}}};
};

}  // namespace sluice::sdp
