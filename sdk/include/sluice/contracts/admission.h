#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/contracts/rooms.h"

/// Who may join a room: a chain of steps, each added by a plugin (token and password by meetings, the door of the
/// waiting room). Every step allows, denies with a reason, or holds the join for as long as it likes.
/// @note Control thread only.
namespace sluice {

/// A client's wish to join. Steps may change what is not const: what stands here when the last step allows is what the
/// participant gets.
struct JoinRequest {
  Client& client;
  const std::string room_id;
  const std::string token;     ///< join token, if the client sent one; unverified
  const std::string password;  ///< as typed
  const json::object device;   ///< what the client says of its device; unverified
  std::string name;            ///< sanitised, not empty
  Role role = Role::attendee;
  json::object attributes;  ///< the participant's first attributes
  /// A room of this id is not there yet, and somebody knows that it will be (a meeting that has not begun): what will
  /// hold in it. The one who waits for it passes the join on when it is there; a join that comes to the end of the
  /// chain earlier is answered ROOM_NOT_FOUND.
  std::optional<RoomPolicy> expected_room{};
};

/// The right to decide one step of one join, exactly once. Keep it to decide later: the client is told that it is held.
/// A ticket that is destroyed undecided denies the join.
class AdmissionTicket {
 public:
  class Gate {
   public:
    virtual ~Gate() = default;
    virtual void allow() = 0;
    virtual void deny(const Error& error) = 0;
    virtual void hold(json::object info) = 0;
    [[nodiscard]] virtual JoinRequest* request() noexcept = 0;
    virtual void on_abandoned(Function<void()> callback) = 0;
  };

  explicit AdmissionTicket(std::unique_ptr<Gate> gate) noexcept : gate_{std::move(gate)} {}
  AdmissionTicket(AdmissionTicket&&) noexcept = default;
  AdmissionTicket& operator=(AdmissionTicket&&) noexcept = default;
  ~AdmissionTicket() { deny(Error{ErrorCode::admission_denied, "the join was not decided"}); }

  /// Passes the join to the next step.
  void allow() {
    if (const auto gate = std::exchange(gate_, nullptr)) gate->allow();
  }
  void deny(const Error& error) {
    if (const auto gate = std::exchange(gate_, nullptr)) gate->deny(error);
  }
  /// Answers the client's `room:join` with `{held: true, ...info}` now; the result follows as the event `room:joined`,
  /// or `room:denied` with the error.
  void hold(json::object info) {
    if (gate_) gate_->hold(std::move(info));
  }
  /// The join in question; nullptr once decided, or when the client has gone.
  [[nodiscard]] JoinRequest* request() noexcept { return gate_ ? gate_->request() : nullptr; }
  /// Called if the client goes away before the decision; deciding is then without effect.
  void on_abandoned(Function<void()> callback) {
    if (gate_) gate_->on_abandoned(std::move(callback));
  }

 private:
  std::unique_ptr<Gate> gate_;
};

/// The service `sluice.admission`.
class Admission {
 public:
  static constexpr std::string_view kService = "sluice.admission/1";
  using Step = Function<void(JoinRequest&, AdmissionTicket)>;

  virtual ~Admission() = default;
  /// Adds a step; steps run by ascending `order`, equal ones as they were added. By convention 100 checks tokens and
  /// passwords, 200 policy, 300 capacity, 400 waits for people. The step is removed when its plugin stops, by the
  /// handle's destruction.
  class Registration {
   public:
    virtual ~Registration() = default;
  };
  [[nodiscard]] virtual std::unique_ptr<Registration> add_step(int order, std::string_view name, Step step) = 0;
};

}  // namespace sluice
