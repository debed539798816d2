<#function named licenses>
  <#assign text = ""/>
  <#list licenses as license><#assign text = text + license + (license?has_next)?then(" or ", "")/></#list>
  <#return text>
</#function>
What a release of Preceptor contains beside Preceptor itself, with its licenses.

In runtime/
    OpenJDK: GPL-2.0 with the Classpath Exception; texts and notices in runtime/legal

In lib/pytorch-native-*.jar
    PyTorch (libtorch, c10) with the projects that it builds in: licenses/pytorch.txt and the licenses named there
    Intel oneAPI Math Kernel Library (x86-64 only): Intel Simplified Software License, licenses/intel-mkl.txt
    oneDNN: Apache-2.0, LICENSE
    libgomp of GCC: GPL-3.0 with the GCC Runtime Library Exception, licenses/gpl-3.0.txt and
    licenses/gcc-runtime-library-exception.txt

In lib/tokenizers-*.jar
    Hugging Face's tokenizers with the Rust crates that it builds in: Apache-2.0, and MIT or Apache-2.0

In lib/sqlite-jdbc-*.jar
    SQLite: public domain

In lib/jna-*.jar
    libffi: MIT

The jars in lib/ that are not Preceptor's. Their notices are within them, in META-INF.

<#list dependencyMap as entry>
<#assign project = entry.getKey()/>
<#if project.groupId != "ai.preceptor">
${project.groupId}:${project.artifactId} ${project.version}
    ${named(entry.getValue())}<#if (project.url!"")?has_content>, ${project.url}</#if>
</#if>
</#list>
