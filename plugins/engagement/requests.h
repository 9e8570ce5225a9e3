#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sluice/json.h"

/// What clients ask for: the data of each event.
namespace sluice::engagement {

/// Ids are the gateway's; a longer text cannot name anything.
using Id = Text<128>;

struct LowerHand {
  std::optional<Id> participant_id;  ///< missing: the caller's; or `all`
};
BOOST_DESCRIBE_STRUCT(LowerHand, (), (participant_id))

struct ListHands {
  std::optional<std::uint32_t> offset;
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(ListHands, (), (offset, limit))

struct SendReaction {
  Text<64> emoji;
};
BOOST_DESCRIBE_STRUCT(SendReaction, (), (emoji))

enum class Layout : std::uint8_t { grid, speaker, presentation };
BOOST_DESCRIBE_ENUM(Layout, grid, speaker, presentation)

/// For whom a layout is.
enum class Scope : std::uint8_t { self, room };
BOOST_DESCRIBE_ENUM(Scope, self, room)

struct UpdateLayout {
  static constexpr std::array<std::string_view, 1> kMayBeMissing{"scope"};
  Layout layout = Layout::grid;
  Scope scope = Scope::self;
};
BOOST_DESCRIBE_STRUCT(UpdateLayout, (), (layout, scope))

}  // namespace sluice::engagement
