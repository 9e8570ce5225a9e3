#include "core/plugins/retired_libraries.h"

#include <map>
#include <utility>
#include <vector>

namespace sluice {

struct RetiredLibraries::State {
  struct Entry {
    PluginLibrary library;
    std::set<std::string> lenders;
    int markers = 0;  ///< that have not come back
  };
  std::map<std::uint64_t, Entry> entries;
  std::uint64_t next_number = 1;
  std::size_t never_unloaded = 0;

  void marker_back(std::uint64_t number) {
    const auto found = entries.find(number);
    if (found == entries.end() || --found->second.markers > 0) return;
    PluginLibrary library = std::move(found->second.library);
    entries.erase(found);
    if (!PluginLibrary::close(std::move(library))) ++never_unloaded;
  }
};

RetiredLibraries::RetiredLibraries(ControlLoop& loop, BackgroundPool& pool, AfterStore after_store)
    : loop_{loop}, pool_{pool}, after_store_{std::move(after_store)}, state_{std::make_shared<State>()} {}
RetiredLibraries::~RetiredLibraries() = default;

void RetiredLibraries::add(PluginLibrary library, std::set<std::string> lenders) {
  const std::uint64_t number = state_->next_number++;
  const bool borrowed = !lenders.empty();
  state_->entries.emplace(number, State::Entry{std::move(library), std::move(lenders)});
  if (!borrowed) send_markers(number);
}

void RetiredLibraries::lender_gone(const std::string& name) {
  std::vector<std::uint64_t> free;
  for (auto& [number, entry] : state_->entries) {
    if (entry.lenders.erase(name) > 0 && entry.lenders.empty()) free.push_back(number);
  }
  for (const std::uint64_t number : free) send_markers(number);
}

void RetiredLibraries::send_markers(std::uint64_t number) {
  state_->entries.at(number).markers = 2;
  // The results of pool and store are posted to the loop before their markers are. Twice through the loop: what runs
  // there may post once more on the plugin's behalf, as the end of a client that it had brought in does.
  const auto marker = [&loop = loop_, weak = std::weak_ptr{state_}, number] {
    loop.post([&loop, weak, number] {
      loop.post([weak, number] {
        if (const auto state = weak.lock()) state->marker_back(number);
      });
    });
  };
  pool_.after_waiting(marker);
  after_store_(marker);
}

std::size_t RetiredLibraries::mapped() const noexcept { return state_->entries.size() + state_->never_unloaded; }

}  // namespace sluice
