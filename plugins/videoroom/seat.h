#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "sluice/client.h"
#include "sluice/secret.h"
#include "sluice/timers.h"

namespace sluice::videoroom {

/// A participant's place in its room: the client that sits there, or for a while nobody, and the secret by which its
/// owner takes it again with another client.
class Seat {
 public:
  Seat(Client& client, std::string secret) noexcept : client_{&client}, secret_{std::move(secret)} {}

  /// nullptr: nobody.
  [[nodiscard]] Client* client() const noexcept { return client_; }
  [[nodiscard]] const Secret& secret() const noexcept { return secret_; }

  /// Nobody sits there any more. `patience` ends the participant's stay, unless somebody sits down before.
  void vacate(Timer patience) noexcept {
    client_ = nullptr;
    patience_ = std::move(patience);
  }
  /// The secret that has been shown is worth nothing from now on.
  void take(Client& client, std::string next_secret) {
    client_ = &client;
    secret_ = Secret{std::move(next_secret)};
    patience_.cancel();
  }
  /// The participant has left; nobody waits for it.
  void give_up() noexcept { patience_.cancel(); }

 private:
  Client* client_;  // until its Events::on_disconnect has been told, or another one sits there
  Secret secret_;
  Timer patience_;
};

}  // namespace sluice::videoroom
