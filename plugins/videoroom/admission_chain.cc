#include "admission_chain.h"

#include <exception>

namespace sluice::videoroom {

/// The right to decide one step of one join.
class AdmissionChain::TicketGate final : public AdmissionTicket::Gate {
 public:
  TicketGate(AdmissionChain& chain, Outcome& outcome, const std::shared_ptr<PendingJoin>& join)
      : chain_{chain}, outcome_{outcome}, join_{join}, step_{join->step} {}

  void allow() override {
    if (const auto join = current()) chain_.pass(join, outcome_);
  }
  void deny(const Error& error) override {
    const auto join = current();
    if (join == nullptr) return;
    // The step is throwing, and its ticket dies on the way out: what it throws is the better answer.
    if (std::uncaught_exceptions() > join->exceptions_before) return;
    outcome_.denied(*join, error);
  }
  void hold(json::object info) override {
    if (const auto join = current()) outcome_.held(*join, std::move(info));
  }
  JoinRequest* request() noexcept override {
    const auto join = current();
    return join == nullptr ? nullptr : &join->request;
  }
  void on_abandoned(Function<void()> callback) override {
    if (const auto join = current()) join->abandoned = std::move(callback);
  }

 private:
  // The join, if it is still this step's to decide. While there is one, so are the chain and the outcome.
  [[nodiscard]] std::shared_ptr<PendingJoin> current() const noexcept {
    auto join = join_.lock();
    return join != nullptr && !join->over && join->step == step_ ? join : nullptr;
  }

  AdmissionChain& chain_;
  Outcome& outcome_;
  std::weak_ptr<PendingJoin> join_;
  StepKey step_;
};

class AdmissionChain::StepRegistration final : public Admission::Registration {
 public:
  StepRegistration(std::weak_ptr<Steps> steps, StepKey key) noexcept : steps_{std::move(steps)}, key_{key} {}
  ~StepRegistration() override {
    if (const auto steps = steps_.lock()) steps->erase(key_);
  }

 private:
  std::weak_ptr<Steps> steps_;
  StepKey key_;
};

AdmissionChain::AdmissionChain() : steps_{std::make_shared<Steps>()} {}
AdmissionChain::~AdmissionChain() = default;

std::unique_ptr<Admission::Registration> AdmissionChain::add_step(int order, std::string_view name, Step step) {
  const StepKey key{order, next_number_++};
  steps_->emplace(key, std::make_shared<NamedStep>(NamedStep{std::string{name}, std::move(step)}));
  return std::make_unique<StepRegistration>(steps_, key);
}

void AdmissionChain::pass(const std::shared_ptr<PendingJoin>& join, Outcome& outcome) {
  const std::shared_ptr<PendingJoin> keep = join;  // the outcome lets go of it
  keep->abandoned = nullptr;
  const auto next = steps_->upper_bound(keep->step);
  if (next == steps_->end()) return outcome.admitted(*keep);
  const StepKey key = next->first;
  const std::shared_ptr<NamedStep> step = next->second;  // its plugin may take it back while it runs
  keep->step = key;
  keep->exceptions_before = std::uncaught_exceptions();
  const auto undecided = [&] { return !keep->over && keep->step == key; };
  try {
    step->run(keep->request, AdmissionTicket{std::make_unique<TicketGate>(*this, outcome, keep)});
  } catch (const Error& error) {
    if (undecided()) outcome.denied(*keep, error);
  } catch (...) {
    if (undecided()) outcome.denied(*keep, Error{ErrorCode::internal, "the step '" + step->name + "' failed"});
    throw;
  }
}

}  // namespace sluice::videoroom
