#include "figures.h"

#include <stdexcept>
#include <utility>

namespace sluice::meetings {

namespace {
constexpr std::string_view kLive = "live.";
}

class Figures::Handle final : public Meetings::Registration {
 public:
  Handle(std::weak_ptr<Table> table, std::string name) : table_{std::move(table)}, name_{std::move(name)} {}
  ~Handle() override {
    if (const auto table = table_.lock()) table->erase(name_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

 private:
  std::weak_ptr<Table> table_;
  std::string name_;
};

std::unique_ptr<Meetings::Registration> Figures::provide(std::string_view name, Meetings::Figure figure) {
  const bool taken = !table_->emplace(name, std::move(figure)).second;
  if (taken) throw std::logic_error{"somebody provides the figure '" + std::string{name} + "' already"};
  return std::make_unique<Handle>(table_, std::string{name});
}

json::object Figures::collect(const MeetingInfo& meeting) {
  json::object out;
  for (const auto& entry : *table_) {
    if (entry.first.starts_with(kLive)) continue;
    if (json::value value = one(entry.first, meeting); !value.is_null()) out[entry.first] = std::move(value);
  }
  return out;
}

json::object Figures::collect_live(const MeetingInfo& meeting) {
  json::object out;
  for (auto entry = table_->lower_bound(kLive); entry != table_->end() && entry->first.starts_with(kLive); ++entry) {
    json::value value = one(entry->first, meeting);
    if (!value.is_null()) out[entry->first.substr(kLive.size())] = std::move(value);
  }
  return out;
}

json::value Figures::one(std::string_view name, const MeetingInfo& meeting) {
  const auto found = table_->find(name);
  if (found == table_->end()) return nullptr;
  try {
    return found->second(meeting);
  } catch (const std::exception& error) {
    log_.warning("a figure of a meeting is missing", {{"figure", name}, {"error", error.what()}});
    return nullptr;
  }
}

}  // namespace sluice::meetings
