// Built for another SDK, as the stamp says. The gateway must not call into it.
#include <cstdlib>

#include "sluice/plugin.h"

extern "C" BOOST_SYMBOL_EXPORT const sluice::PluginDescriptor sluice_plugin;
const sluice::PluginDescriptor sluice_plugin{
    {'s', 'l', 'u', 'i', 'c', 'e', '-', 'p', 'l', 'u', 'g', 'i', 'n', ' ', '1', '\0'},
    "sluice-abi 0; a compiler of yesteryear",
    []() -> sluice::Manifest { std::abort(); },
    []() -> std::unique_ptr<sluice::Plugin> { std::abort(); }};
