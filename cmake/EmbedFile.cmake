# cmake -DINPUT=file -DOUTPUT=source.c -P EmbedFile.cmake: the file's bytes as klynge_protoset[_end].
file(WRITE ${OUTPUT} "__asm__(\".section .rodata\\n\"
        \".global klynge_protoset\\nklynge_protoset:\\n.incbin \\\"${INPUT}\\\"\\n\"
        \".global klynge_protoset_end\\nklynge_protoset_end:\\n.previous\\n\");
")
