// A library that is no plugin.
extern "C" __attribute__((visibility("default"))) int no_plugin_at_all() { return 0; }
