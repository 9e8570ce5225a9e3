#include "context.h"
#include "sluice/json.h"

namespace sluice::waitingroom {

Account::Account(Metrics& metrics)
    : metrics_{metrics}, gauge_{metrics.gauge("waiting", "Who wait to be admitted, before all rooms.")} {}

void Account::came() {
  ++waiting_;
  gauge_.set(static_cast<double>(waiting_));
}

void Account::ended(Outcome outcome) {
  --waiting_;
  gauge_.set(static_cast<double>(waiting_));
  const json::value name = to_json(outcome);
  metrics_.counter("outcomes_total", "Waits by how they ended.", {{"outcome", std::string{name.as_string()}}}).add();
}

}  // namespace sluice::waitingroom
