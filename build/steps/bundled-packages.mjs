// @ts-check
import sbom from 'rollup-plugin-sbom';

/**
 * Writes `bundled-packages.json`, the list of the packages that a build bundles, in CycloneDX format. The list does not depend on
 * the time and the place of the build.
 */
export function bundledPackages() {
  return sbom({
    specVersion: '1.6',
    outDir: '.',
    outFilename: 'bundled-packages',
    outFormats: ['json'],
    // It would add the tools of the build, of which it does not find all.
    autodetect: false,
    saveTimestamp: false,
    generateSerial: false,
    includeWellKnown: false,
  });
}
