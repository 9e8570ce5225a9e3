#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sluice/contracts/admission.h"
#include "sluice/events.h"

namespace sluice::videoroom {

/// A step's place in the chain: by order, equal ones as they came.
struct StepKey {
  int order = std::numeric_limits<int>::min();
  std::uint64_t number = 0;
  friend auto operator<=>(const StepKey&, const StepKey&) = default;
};

/// One join on its way through the chain.
struct PendingJoin {
  JoinRequest request;
  bool room_was_there = false;   ///< when it was asked for
  bool founds_room = false;      ///< there was no such room when it was asked for, and its role says so
  std::optional<Reply> reply{};  ///< until the client has been answered
  StepKey step{};                ///< which one has it now
  int exceptions_before = 0;     ///< that were in flight when the step began
  bool over = false;             ///< decided, or abandoned
  Function<void()> abandoned{};  ///< what the step wants to hear if the client goes away
};

/// The steps that other plugins have added, and the way of a join through them: the service `sluice.admission`.
class AdmissionChain final : public Admission {
 public:
  /// What becomes of a join.
  class Outcome {
   public:
    virtual ~Outcome() = default;
    virtual void admitted(PendingJoin& join) = 0;
    virtual void denied(PendingJoin& join, const Error& error) = 0;
    virtual void held(PendingJoin& join, json::object info) = 0;
  };

  AdmissionChain();
  ~AdmissionChain() override;

  [[nodiscard]] std::unique_ptr<Registration> add_step(int order, std::string_view name, Step step) override;

  /// Hands the join to the next step, or to `admitted` behind the last one. `outcome` must outlive the join.
  void pass(const std::shared_ptr<PendingJoin>& join, Outcome& outcome);

 private:
  class TicketGate;
  class StepRegistration;
  struct NamedStep {
    std::string name;
    Step run;
  };
  using Steps = std::map<StepKey, std::shared_ptr<NamedStep>>;  // shared with the call that runs it

  // Owners: the chain; the registrations only watch it.
  std::shared_ptr<Steps> steps_;
  std::uint64_t next_number_ = 1;
};

}  // namespace sluice::videoroom
