// What a package has in the place of a module that it does without in browsers.
module.exports = {};
