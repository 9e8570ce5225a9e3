#pragma once

#include <cstddef>
#include <vector>

#include "history/quality_row.h"
#include "records/rows.h"
#include "sluice/store.h"

namespace sluice::analytics {

/// Rows that wait to be written; later ones replace earlier ones of the same key.
struct Batch {
  SessionChanges changes;
  std::vector<QualityRow> quality;

  [[nodiscard]] std::size_t rows() const noexcept {
    return changes.sessions.size() + changes.people.size() + changes.events.size() + quality.size();
  }
  [[nodiscard]] bool empty() const noexcept { return rows() == 0; }
};

/// Adds what is in `more` behind what is in `batch`.
void append(Batch& batch, Batch more);
/// Takes at most `most` rows out of `batch`, the eldest of each kind: of sessions and people first.
[[nodiscard]] Batch take(Batch& batch, std::size_t most);

/// Writes all of it. `base` is added to the sessions' ids: what the table had when the process began.
void write(StoreTransaction& store, const Batch& batch, SessionId base);

}  // namespace sluice::analytics
