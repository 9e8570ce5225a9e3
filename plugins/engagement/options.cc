#include "options.h"

namespace sluice::engagement {

Schema<Options> Options::schema() {
  return Schema<Options>{"Raised hands, reactions and the layout that a room is shown in."}
      .option("reactions", &Options::reactions, "What may be sent as a reaction.", max_items(100), each(not_empty()),
              each(max_bytes(64)))
      .reloadable()
      .option("reactions_per_second", &Options::reactions_per_second, "Reactions of one participant, in the long run.",
              range(1, 100))
      .reloadable()
      .option("reaction_burst", &Options::reaction_burst, "Reactions of one participant at once.", range(1, 100))
      .reloadable()
      .option(
          "reaction_messages", &Options::reaction_messages,
          "Messages that the reactions in one room may cost in a second: in a room of 1,000, ten reactions are told "
          "one by one at 10,000, and how many others there were.",
          range(1, 1'000'000))
      .reloadable()
      .option("max_hands", &Options::max_hands, "Most hands that are up in one room.", range(1, 10'000))
      .reloadable()
      .option("renumber_ms", &Options::renumber_ms,
              "How soon participants' attributes follow when others before them in the queue have gone.",
              range(10, 60'000))
      .reloadable();
}

}  // namespace sluice::engagement
