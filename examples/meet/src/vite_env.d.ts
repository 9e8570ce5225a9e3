declare module '*.css';
/** hls.js without what no stream of ours has (other sound tracks, subtitles, DRM); its types are those of the whole. */
declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}
