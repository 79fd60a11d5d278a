export { withHeadroom } from "./clients.js";
export { compress, retrieve, stats } from "./compress.js";
export type { CompressOptions, CompressResult, Part } from "./compress.js";
export { HeadroomError } from "./errors.js";
export type { ProxyOptions } from "./proxy.js";
export { headroomMiddleware } from "./vercel.js";
