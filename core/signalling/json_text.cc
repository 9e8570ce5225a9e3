#include "core/signalling/json_text.h"

#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>

namespace sluice {

Result<boost::json::value, JsonTextError> parse_json_text(std::string_view text, std::size_t max_depth) {
  if (text.size() > kMaxJsonBytes) return JsonTextError::too_big;
  boost::json::parse_options options;
  options.max_depth = max_depth;
  boost::system::error_code error;
  auto value = boost::json::parse(text, error, {}, options);
  if (!error) return value;
  return error == boost::json::error::too_deep ? JsonTextError::too_deep : JsonTextError::not_json;
}

}  // namespace sluice
